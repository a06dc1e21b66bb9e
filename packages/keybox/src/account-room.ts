import { Secret, type Suite, sha256 } from '@sotto/crypto';
import {
  applyRosterStatement,
  type Chain,
  chainExtent,
  createRoom,
  type Envelope,
  type Era,
  entriesRoot,
  entryHash,
  eraCommitment,
  type RosterFrame,
  type RosterStatement,
  rosterStatement,
  rowOf,
  type StatementSubmission,
  sealEntry,
  tableHash,
  type Witness,
} from '@sotto/protocol';
import type { Platform, SqlStatement } from './ports.ts';
import { type LogLine, writeLogLine, writeRoom } from './room-store.ts';

export interface AccountRoomInput {
  /** The genesis alone. */
  readonly chain: Chain;
  readonly suite: Suite;
  readonly deviceId: Uint8Array;
  readonly signing: Secret;
}

/** A new account room: what goes to the server, and what this vault keeps of it. */
export interface AccountRoom {
  readonly id: Uint8Array;
  readonly statements: readonly [StatementSubmission, StatementSubmission];
  readonly rows: readonly SqlStatement[];
}

/** Makes the account's one private room, `create` and era 0, and verifies it as every reader will. */
export async function createAccountRoom(platform: Platform, input: AccountRoomInput): Promise<AccountRoom> {
  const { suites, primitives } = platform;
  const { chain, suite } = input;
  const create = await sign(platform, input, {
    room: null,
    prevStatement: null,
    logHead: null,
    type: 'create',
    body: {
      nonce: primitives.randomBytes(32),
      roomType: 'account',
      mode: 'archive',
      keying: 'era',
      minimumSuite: suite.id,
      policy: { history: 'all', guests: false, maxMembers: 1 },
      owner: { address: chain.address, fingerprint: chain.fingerprint, ...head(chain) },
    },
  });
  const id = sha256(create.signed);
  using secret = new Secret(primitives.randomBytes(32));
  const { era, beside } = await firstEra(platform, input, { id, secret });
  const place = { room: id, prevStatement: id, logHead: { length: 1, hash: id } };
  const started = await sign(platform, input, { ...place, type: 'era', body: { era } });
  const witness = ownWitness(chain);
  const created = await createRoom(suites, { envelope: create, rows: null, witness });
  const state = await applyRosterStatement(suites, created, { envelope: started, rows: beside.rows, witness });
  return {
    id,
    statements: [
      { envelope: create, rows: [], entries: [] },
      { envelope: started, ...beside },
    ],
    rows: [
      writeRoom({ judged: state, adder: null, hidden: false, ownSeq: 0, ownPrev: id, stopped: null }),
      writeLogLine(id, line(0, { hash: id, signedHash: id, author: chain.fingerprint })),
      writeLogLine(id, line(1, { hash: state.hash, signedHash: sha256(started.signed), author: chain.fingerprint })),
      {
        sql: 'INSERT INTO era_secret (room, era, secret) VALUES (?, 0, ?)',
        parameters: [id, secret.unsafeExpose('kept in the encrypted vault')],
      },
    ],
  };
}

async function firstEra(
  { suites }: Platform,
  { chain }: AccountRoomInput,
  { id, secret }: { readonly id: Uint8Array; readonly secret: Secret },
): Promise<{ readonly era: Era; readonly beside: Pick<StatementSubmission, 'rows' | 'entries'> }> {
  const binding = { purpose: 'sotto/seal/era-secret/v1', room: id, era: 0, sender: chain.fingerprint } as const;
  const entries = [await sealEntry(suites, chain, { binding, secret })];
  const rows = [rowOf(chain)];
  const leaves = entries.map((sealed) => entryHash(chain.fingerprint, sealed));
  const commitment = eraCommitment(secret, id, 0);
  const roots = { table: tableHash(rows), entries: entriesRoot(leaves) };
  return {
    era: { era: 0, commitment, previousCommitment: null, link: null, ...roots, checkpoint: null },
    beside: { rows, entries },
  };
}

type Draft = Pick<RosterFrame, 'room' | 'prevStatement' | 'logHead'> &
  (RosterStatement extends infer Each
    ? Each extends { type: string; body: unknown }
      ? Pick<Each, 'type' | 'body'>
      : never
    : never);

async function sign({ clock }: Platform, input: AccountRoomInput, draft: Draft): Promise<Envelope> {
  const { chain, suite, deviceId, signing } = input;
  const frame = {
    v: 1,
    suite: suite.id,
    author: chain.fingerprint,
    device: deviceId,
    chain: chainExtent(chain),
  } as const;
  const signed = rosterStatement.encode({ ...frame, at: clock.now(), ...draft } as RosterStatement);
  return { signed, signatures: [await suite.signature.sign(signing, 'sotto/roster/v1', signed)] };
}

function head(chain: Chain): { readonly length: number; readonly head: Uint8Array } {
  const { length, hash } = chainExtent(chain);
  return { length, head: hash };
}

function line(n: number, entry: Pick<LogLine, 'hash' | 'signedHash' | 'author'>): LogLine {
  return { n, ...entry, device: null, seq: null, code: null };
}

/** Nothing but the own chain is needed to judge a room that one has just made. */
function ownWitness(chain: Chain): Witness {
  return {
    chain: async () => chain,
    hashAt: async () => null,
    recordAt: async () => null,
    recordHash: async () => null,
  };
}
