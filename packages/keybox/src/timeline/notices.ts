import { hex } from '@sotto/bytes';
import type { Address, RoomState } from '@sotto/protocol';
import type { Chains } from '../chains.ts';
import { type KeyChangeView, keyHistory } from '../people/key-history.ts';
import type { Session } from '../session.ts';

/** A change of the keys of somebody in a room, to be shown among its messages. */
export interface KeyNoticeView extends KeyChangeView {
  readonly address: Address;
}

/** What the other members' devices signed about their keys. */
export class KeyNotices {
  readonly #session: Session;
  readonly #chains: Chains;
  /** By fingerprint in hexadecimal; as long as the chain is no longer. */
  readonly #known = new Map<string, { readonly length: number; readonly changes: readonly KeyChangeView[] }>();

  constructor(session: Session, chains: Chains) {
    this.#session = session;
    this.#chains = chains;
  }

  /** From a time up to and without another, oldest first; none in rooms of more than 64 members. */
  async between({ members }: RoomState, from: number, to: number): Promise<readonly KeyNoticeView[]> {
    const me = hex(this.#session.identity.fingerprint);
    const others = Object.entries(members).filter(([fingerprint]) => fingerprint !== me);
    if (others.length >= MAX_MEMBERS) return [];
    const notices: KeyNoticeView[] = [];
    for (const [, { fingerprint, address }] of others) {
      for (const change of await this.#changes(fingerprint)) {
        const isDue = change.kind !== 'account-made' && change.at >= from && change.at < to;
        if (isDue) notices.push({ ...change, address });
      }
    }
    return notices.toSorted((left, right) => left.at - right.at);
  }

  async #changes(fingerprint: Uint8Array): Promise<readonly KeyChangeView[]> {
    const chain = await this.#chains.known(fingerprint);
    if (chain === null) return [];
    const { length } = chain.hashes;
    const known = this.#known.get(hex(fingerprint));
    if (known?.length === length) return known.changes;
    const changes = await keyHistory(this.#session.keys, chain);
    this.#known.set(hex(fingerprint), { length, changes });
    return changes;
  }
}

const MAX_MEMBERS = 64;
