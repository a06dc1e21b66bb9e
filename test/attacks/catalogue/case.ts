import type { Mutation } from '../../support/mutation.ts';

/** Who attacks. */
type Attacker =
  /** The own home server, its database, its keys and its code. */
  | 'SRV'
  /** The server of another domain. */
  | 'RSRV'
  /** A member of the room. */
  | 'MEM'
  /** Somebody who was a member. */
  | 'EXM'
  /** Another user. */
  | 'CON'
  /** The network between client and server. */
  | 'NET'
  /** A web page in the user's browser. */
  | 'WEB'
  /** An administrator who goes too far. */
  | 'ADM'
  /** Who holds the disk or the locked device. */
  | 'DEV';

/** An attack that was published against a comparable system, or that reading our specifications suggests. */
export interface AttackCase {
  /** Its group and number, as `K1`; our own carry an `x`, as `Kx1`. */
  readonly id: string;
  readonly attackers: readonly Attacker[];
  /** What the attacker does. */
  readonly action: string;
  /** Where it was published; null for our own. */
  readonly published: string | null;
  /** What refuses it here, with the codes that users see. */
  readonly answer: string;
  readonly status: Tried | NotApplicable;
}

/**
 * Tried by a test: a `describe` whose title begins with the id and a colon, with tests whose titles begin with
 * `attack` (refused) and with `control` (the same without the attack: accepted).
 */
interface Tried {
  readonly kind: 'tried';
  /** The file of the test, from the root of the repository. */
  readonly test: string;
  /** Take the check away: the attacks fail to be refused, the controls pass. Several where one alone is doubled by another. */
  readonly mutations: readonly Mutation[];
}

/** There is nothing here that it could be tried on. */
interface NotApplicable {
  readonly kind: 'not-applicable';
  /** Why, in a sentence. */
  readonly because: string;
}
