import { createHash } from 'node:crypto';
import type { Sent } from '@sotto/keybox';

/** One thing that somebody said. */
export interface Saying {
  readonly ordinal: number;
  readonly device: string;
  readonly room: string;
  readonly text: string;
  /** What the keybox answered; null if it never did, or refused. */
  sent: Sent | null;
  /** Whether the vault that answered was put back to an older copy afterwards. */
  vaultWasRestored: boolean;
}

/** What was asked and what was answered, in the order in which it happened. */
export class Ledger {
  readonly sayings: Saying[] = [];
  readonly lines: string[] = [];
  /** Accounts that were put out of a room: from which saying on they are to learn nothing. */
  readonly removals: { readonly room: string; readonly address: string; readonly from: number; readded: boolean }[] =
    [];
  /** Devices whose vault, and homes whose data, were put back to an older copy. */
  readonly restored = new Set<string>();
  /** Rooms of which a server told somebody something else than the truth. */
  readonly liedOf = new Set<string>();
  /** Devices that trust their server no more, with what they say of it. */
  readonly distrusting = new Map<string, string>();
  /** What must never happen and did. */
  readonly violations: string[] = [];
  readonly #rooms = new Map<string, string>();

  note(line: string): void {
    this.lines.push(line);
  }

  violated(what: string): void {
    this.violations.push(what);
    this.note(`VIOLATION ${what}`);
  }

  /** A name for a room that no run of the same seed gives to another. */
  roomName(id: string): string {
    const known = this.#rooms.get(id);
    if (known !== undefined) return known;
    const name = `room ${this.#rooms.size}`;
    this.#rooms.set(id, name);
    return name;
  }

  /** Over everything that was noted: plain words, never ciphertext, ids or signatures. */
  hash(): string {
    const hash = createHash('sha256');
    for (const line of this.lines) hash.update(`${line}\n`);
    return hash.digest('hex').slice(0, 32);
  }
}
