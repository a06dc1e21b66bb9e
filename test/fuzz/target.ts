import { BugFault, equal, Fault } from '@sotto/bytes';

/** How the bytes of a parser are built, so that changes can keep what is around them well-formed. */
export type Shape = 'bytes' | 'cbor' | 'der' | 'json' | 'text';

/** Something that takes bytes of others apart. */
export interface Parser {
  readonly name: string;
  readonly shape: Shape;
  /** Inputs that are taken, at least one of each kind. */
  readonly seeds: readonly Uint8Array[];
  /**
   * Takes an input, or throws the `Fault` with which it is refused. Returns what the parsed value encodes to where
   * the format is canonical, null where it is not.
   */
  readonly parse: (input: Uint8Array) => Uint8Array | null | Promise<Uint8Array | null>;
  /** Longest input that is tried; 4,096 unless told. */
  readonly maxBytes?: number;
  /** What one input may cost beyond the ordinary, where the format is meant to be dear: times the usual bounds. */
  readonly patience?: number;
}

/** Parsers that are fuzzed in one process, side by side. */
export interface Target {
  readonly name: string;
  readonly parsers: readonly Parser[];
  /** Source files, from the root, whose words and numbers serve as a dictionary. */
  readonly sources: readonly string[];
  /** Which sources count as covered: those of our packages unless told. */
  readonly isCounted?: (url: string) => boolean;
  /** Ends what the parsers run beside them. */
  readonly close?: () => Promise<void>;
}

/** A rule that a parser broke. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/**
 * Gives one input to a parser: 'taken', or the code and words of the refusal. Throws `Violation` for any error that is
 * not a typed fault, for a fault that blames ourselves, and where the value does not encode to the bytes that came.
 */
export async function tryInput(parser: Parser, input: Uint8Array): Promise<string> {
  const given = input.slice();
  let again: Uint8Array | null;
  try {
    const result = parser.parse(given);
    again = result instanceof Promise ? await result : result;
  } catch (cause) {
    return refusal(cause);
  }
  if (again !== null && !equal(again, input)) throw new Violation('taken, and encodes to other bytes');
  if (!equal(given, input)) throw new Violation('the input was changed');
  return 'taken';
}

function refusal(cause: unknown): string {
  if (cause instanceof Fault && !(cause instanceof BugFault)) {
    return `${cause.code} ${cause.message.replaceAll(/\d+/g, '#').slice(0, 120)}`;
  }
  const what = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  throw new Violation(`escaped: ${what}`, { cause });
}
