/** Who is to blame for a fault; it decides what a caller can do about it. */
export type Blame = 'wire' | 'peer' | 'policy' | 'usage' | 'bug';

export interface FaultOptions {
  /** What was caught, when one fault is raised because of another. */
  readonly cause?: unknown;
  /** Public facts that help the reader: positions, limits, ids. Never a secret, never a user's text. */
  readonly detail?: Readonly<Record<string, string | number>>;
}

/**
 * The only kind of error that crosses a package's door. `code` is API: kebab-case, stable, one of a closed
 * union that each package declares. `message` is for people and may change.
 */
export abstract class Fault<Code extends string = string> extends Error {
  abstract readonly blame: Blame;
  readonly code: Code;
  readonly detail: Readonly<Record<string, string | number>>;

  constructor(code: Code, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.detail = options.detail ?? {};
    this.name = new.target.name;
  }
}

/** Bytes that are not what their format says: malformed, truncated, not canonical, over a limit. */
export class WireFault<Code extends string = string> extends Fault<Code> {
  readonly blame = 'wire';
}

/** Well-formed, and wrong: a signature that does not verify, a fork, an answer that contradicts an earlier one. */
export class PeerFault<Code extends string = string> extends Fault<Code> {
  readonly blame = 'peer';
}

/** Refused by a rule: role, policy, limit, block. */
export class PolicyFault<Code extends string = string> extends Fault<Code> {
  readonly blame = 'policy';
}

/** The caller, or the person at the keyboard, asked for something that cannot be. */
export class UsageFault<Code extends string = string> extends Fault<Code> {
  readonly blame = 'usage';
}

/** A state that this program believes impossible. */
export class BugFault extends Fault<'bug'> {
  readonly blame = 'bug';

  constructor(message: string, options: FaultOptions = {}) {
    super('bug', message, options);
  }
}

/** Closes a `switch` over a union: the compiler rejects a missed case, the runtime a forged one. */
export function unreachable(value: never): never {
  throw new BugFault(`unreachable value of type ${typeof value}`);
}
