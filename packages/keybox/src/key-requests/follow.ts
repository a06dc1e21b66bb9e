import { equal, Fault, hex } from '@sotto/bytes';
import type { Secret } from '@sotto/crypto';
import {
  type Body,
  type BodyContent,
  checkCommitment,
  entryBinding,
  type KeyLogEntry,
  ProtocolPeerFault,
  type RoomState,
} from '@sotto/protocol';
import { logKey, logKeyOnce } from '../key-log.ts';
import type { SqlStatement } from '../ports.ts';
import type { RoomReader } from '../room-batch.ts';
import { mayHaveEra } from './right.ts';
import { type KeyRequest, readRequests, setRequestState, writeRequest } from './store.ts';

/** A record that asks for keys or gives them, as it was judged and opened. */
export interface KeyRecord {
  readonly n: number;
  readonly author: Uint8Array;
  readonly device: Uint8Array;
  readonly body: Body;
}

export interface Followed {
  readonly changes: readonly SqlStatement[];
  readonly secrets: readonly { readonly era: number; readonly secret: Secret }[];
}

/** Keeps what members ask for, and takes what they give us: only what we asked for, and only the key that was signed. */
export class KeyRequestFollower {
  readonly #reader: RoomReader;
  /** Requests of the batch that is not kept yet. */
  readonly #fresh: KeyRequest[] = [];

  constructor(reader: RoomReader) {
    this.#reader = reader;
  }

  async follow(state: RoomState, record: KeyRecord): Promise<Followed> {
    const { body } = record;
    if (body.kind === 'key-request') return this.#asked(state, record, body.content);
    if (body.kind === 'key-answer') return this.#given(state, record, body.content);
    return NOTHING;
  }

  #asked(state: RoomState, record: KeyRecord, { eras }: BodyContent<'key-request'>): Followed {
    const { n, author, device, body } = record;
    const changes: SqlStatement[] = [];
    const own = equal(author, this.#me);
    const room = hex(state.id);
    const who = state.people[hex(author)] ?? hex(author);
    for (const era of new Set(eras)) {
      if (!mayHaveEra(state, author, era)) {
        changes.push(this.#tellOnce({ event: 'key-request/not-theirs', room, era, who }));
        continue;
      }
      const request = { room: state.id, id: body.id, era, n, author, device, at: body.at, state: 'open' } as const;
      this.#fresh.push(request);
      changes.push(writeRequest(request));
      changes.push(
        this.#tellOnce(own ? { event: 'key-request/own', room, era } : { event: 'key-request/asked', room, era, who }),
      );
    }
    return { changes, secrets: [] };
  }

  /** What others are given is sealed to them: it says nothing here. */
  async #given(state: RoomState, record: KeyRecord, content: BodyContent<'key-answer'>): Promise<Followed> {
    const known = [...(await readRequests(this.#reader.session.keys)), ...this.#fresh];
    const open = known.filter(
      ({ room, id, author, state: so }) =>
        equal(room, state.id) && equal(id, content.request) && equal(author, this.#me) && so === 'open',
    );
    const changes: SqlStatement[] = [];
    const secrets: { era: number; secret: Secret }[] = [];
    const who = state.people[hex(record.author)] ?? hex(record.author);
    for (const { era, sealed } of content.keys) {
      const request = open.find((each) => each.era === era);
      if (request === undefined || secrets.some((each) => each.era === era)) continue;
      try {
        const answer = { author: record.author, generation: content.generation, sealed };
        secrets.push({ era, secret: await this.#open(state, era, answer) });
        changes.push(setRequestState(request, 'answered'));
        changes.push(this.#tell({ event: 'key-request/received', room: hex(state.id), era, who }));
      } catch (cause) {
        if (!(cause instanceof Fault) || cause.blame === 'bug') throw cause;
        changes.push(setRequestState(request, 'failed'));
        changes.push(this.#tell({ event: 'key-request/wrong', room: hex(state.id), era, who }, cause));
      }
    }
    return { changes, secrets };
  }

  async #open(
    state: RoomState,
    era: number,
    answer: { readonly author: Uint8Array; readonly generation: number; readonly sealed: Uint8Array },
  ): Promise<Secret> {
    const { identity } = this.#reader.session;
    const commitment = state.eras[era]?.commitment;
    const keys = identity.userKeys.find(({ generation }) => generation === answer.generation)?.keys;
    if (commitment === undefined || keys === undefined) {
      throw new ProtocolPeerFault('era-table-invalid', 'sealed to a user key, or of an era, that is not here');
    }
    const { fingerprint } = identity;
    const recipient = { fingerprint, publicKey: keys.room.publicKey, generation: answer.generation };
    const purpose = 'sotto/seal/key-answer/v1';
    const binding = entryBinding({ purpose, room: state.id, era, sender: answer.author }, recipient);
    const secret = await identity.suite.kem.open(keys.room.secretKey, binding, answer.sealed);
    checkCommitment(secret, { room: state.id, era, commitment });
    return secret;
  }

  #tell(entry: KeyLogEntry, cause?: unknown): SqlStatement {
    return logKey(this.#reader.session.clock, entry, cause);
  }

  /** What a member may repeat at will. */
  #tellOnce(entry: KeyLogEntry): SqlStatement {
    return logKeyOnce(this.#reader.session.clock, entry);
  }

  get #me(): Uint8Array {
    return this.#reader.session.identity.fingerprint;
  }
}

const NOTHING: Followed = { changes: [], secrets: [] };
