import { SipWireFault } from '../fault.ts';

/** Reads a text from left to right by sticky patterns. What does not fit throws `message-malformed`. */
export class Cursor {
  readonly text: string;
  #at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** What the pattern (with flag `y`) finds here; null if nothing, and then nothing is passed over. */
  take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return null;
    this.#at += found.length;
    return found;
  }

  /** Throws `message-malformed`. */
  expect(pattern: RegExp): string {
    const found = this.take(pattern);
    if (found === null) throw malformed();
    return found;
  }

  /** Whether the character is here, with white space around it; it is passed over. */
  separator(character: string): boolean {
    const start = this.#at;
    this.space();
    if (this.text[this.#at] === character) {
      this.#at += 1;
      this.space();
      return true;
    }
    this.#at = start;
    return false;
  }

  space(): void {
    this.take(/[ \t]*/y);
  }

  /** All the rest. */
  rest(): string {
    const rest = this.text.slice(this.#at);
    this.#at = this.text.length;
    return rest;
  }

  get isAtEnd(): boolean {
    return this.#at === this.text.length;
  }

  /** Throws `message-malformed` if anything but white space is left. */
  end(): void {
    this.space();
    if (!this.isAtEnd) throw malformed();
  }
}

/** Reads a whole text by one rule. Throws `message-malformed`. */
export function readWhole<Value>(text: string, read: (cursor: Cursor) => Value): Value {
  const cursor = new Cursor(text);
  cursor.space();
  const value = read(cursor);
  cursor.end();
  return value;
}

/** Reads values between commas. Throws `message-malformed`. */
export function readList<Value>(text: string, read: (cursor: Cursor) => Value): readonly Value[] {
  return readWhole(text, (cursor) => {
    const values = [read(cursor)];
    while (cursor.separator(',')) values.push(read(cursor));
    return values;
  });
}

export function malformed(message = 'not of the form that RFC 3261 section 25 gives'): SipWireFault {
  return new SipWireFault('message-malformed', message);
}
