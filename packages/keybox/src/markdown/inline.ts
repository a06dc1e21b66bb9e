/** What stands within a line. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'struck'; readonly inline: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  /** `href` is the same address as `text`, as the browser would write it. */
  | { readonly kind: 'link'; readonly text: string; readonly href: string }
  | { readonly kind: 'mention'; readonly address: string; readonly text: string };

/** Reads what stands within a paragraph. `named`: addresses in lower case that are mentions. */
export function parseInline(text: string, named: ReadonlySet<string>): readonly Inline[] {
  return new Reader(text, named, 0).read();
}

class Reader {
  readonly #text: string;
  readonly #named: ReadonlySet<string>;
  readonly #depth: number;
  readonly #found: Inline[] = [];
  readonly #closings = new Map<string, number[]>();
  /** Where the text begins that is not in `found` yet. */
  #from = 0;

  constructor(text: string, named: ReadonlySet<string>, depth: number) {
    this.#text = text;
    this.#named = named;
    this.#depth = depth;
  }

  read(): readonly Inline[] {
    for (let at = this.#nextSign(0); at < this.#text.length; at = this.#nextSign(at)) {
      const next = this.#code(at) ?? this.#styled(at) ?? this.#link(at) ?? this.#mention(at);
      // Half of a pair would lead back to the whole of it.
      at = next ?? at + ((this.#text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
    }
    this.#flush(this.#text.length);
    return this.#found;
  }

  #nextSign(at: number): number {
    SIGN.lastIndex = at;
    return SIGN.exec(this.#text)?.index ?? this.#text.length;
  }

  #code(at: number): number | null {
    if (this.#text[at] !== '`') return null;
    const end = this.#text.indexOf('`', at + 1);
    if (end <= at + 1) return null;
    return this.#put(at, end + 1, { kind: 'code', text: this.#text.slice(at + 1, end) });
  }

  #styled(at: number): number | null {
    if (this.#depth >= MAX_DEPTH) return null;
    for (const [sign, kind] of STYLES) {
      if (!this.#text.startsWith(sign, at)) continue;
      const end = this.#closing(at, sign);
      if (end === null) continue;
      const inner = new Reader(this.#text.slice(at + sign.length, end), this.#named, this.#depth + 1).read();
      return this.#put(at, end + sign.length, { kind, inline: inner });
    }
    return null;
  }

  /** Signs hug what they mark, and stand outside of words: `2 * 3 * 4` and `some_file_name` are none. */
  #closing(at: number, sign: string): number | null {
    const begin = at + sign.length;
    if (isWord(this.#text[at - 1]) || isSpace(this.#text[begin])) return null;
    const ends = this.#ends(sign);
    // Whoever reads goes forward alone.
    while (ends.length > 0 && (ends.at(-1) as number) <= begin) ends.pop();
    return ends.at(-1) ?? null;
  }

  /** Where a sign may end something, the last first. */
  #ends(sign: string): number[] {
    const known = this.#closings.get(sign);
    if (known !== undefined) return known;
    const ends: number[] = [];
    for (let end = this.#text.indexOf(sign); end >= 0; end = this.#text.indexOf(sign, end + 1)) {
      const isLonger = sign.length === 1 && (this.#text[end + 1] === sign || this.#text[end - 1] === sign);
      if (!isLonger && !isSpace(this.#text[end - 1]) && !isWord(this.#text[end + sign.length])) ends.push(end);
    }
    this.#closings.set(sign, ends.reverse());
    return ends;
  }

  #link(at: number): number | null {
    if (this.#text[at] !== 'h' || isWord(this.#text[at - 1])) return null;
    LINK.lastIndex = at;
    const found = LINK.exec(this.#text)?.[0];
    if (found === undefined) return null;
    const text = withoutTail(found);
    const href = addressOf(text);
    // What is shown is where it leads: letters that look like others are written out.
    return href === null
      ? null
      : this.#put(at, at + text.length, { kind: 'link', text: IS_ASCII.test(text) ? text : href, href });
  }

  #mention(at: number): number | null {
    if (this.#named.size === 0 || isWord(this.#text[at - 1])) return null;
    PERSON.lastIndex = at;
    const found = PERSON.exec(this.#text);
    if (found === null) return null;
    const address = (found[1] ?? '').replace(/[.-]+$/, '').toLowerCase();
    if (!this.#named.has(address)) return null;
    const end = at + found[0].length - ((found[1]?.length ?? 0) - address.length);
    return this.#put(at, end, { kind: 'mention', address, text: this.#text.slice(at, end) });
  }

  #put(at: number, end: number, inline: Inline): number {
    this.#flush(at);
    this.#found.push(inline);
    this.#from = end;
    return end;
  }

  #flush(end: number): void {
    if (end > this.#from) this.#found.push({ kind: 'text', text: this.#text.slice(this.#from, end) });
  }
}

/** A sentence goes on after an address; a bracket belongs to it if it was opened in it. */
function withoutTail(link: string): string {
  let text = link.replace(/[.,;:!?'"*_~`]+$/, '');
  while (text.endsWith(')') && text.split('(').length < text.split(')').length) {
    text = text.slice(0, -1).replace(/[.,;:!?'"*_~`]+$/, '');
  }
  return text;
}

function addressOf(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') return null;
  // Whoever reads `https://bank.example@other.example` does not see where it leads.
  return url.username === '' && url.password === '' ? url.href : null;
}

function isSpace(letter: string | undefined): boolean {
  return letter === undefined || /\s/.test(letter);
}

function isWord(letter: string | undefined): boolean {
  return letter !== undefined && /[\p{L}\p{N}]/u.test(letter);
}

/** Where something may begin; any letter may begin the address of a person. */
const SIGN = /[`*_~@]|(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu;
const STYLES = [
  ['**', 'strong'],
  ['~~', 'struck'],
  ['*', 'emphasis'],
  ['_', 'emphasis'],
] as const;
/** Without what could change the direction or end of what is shown. */
const LINK = /https?:\/\/[^\s<>"\p{C}\u200e\u200f\u202a-\u202e\u2066-\u2069]{1,2000}/uy;
const PERSON = /@?([\p{L}\p{N}._+-]{1,64}@[\p{L}\p{N}.:-]{1,255})/uy;
const IS_ASCII = /^[\x21-\x7e]*$/;
const MAX_DEPTH = 4;
