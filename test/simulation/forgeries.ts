import { Fault, parseHex } from '@sotto/bytes';
import type { KeyBox } from '@sotto/keybox';
import type { SignedHead } from '@sotto/protocol';
import type { Person } from '@sotto/testing';
import {
  type ForgedRecord,
  forgeEra,
  forgeRecord,
  forgeStatement,
  insideOf,
  keptRoom,
  message,
} from '../../packages/keybox/src/forge.fixture.ts';
import type { Act, Stage } from './acts.ts';

/** What a member with a modified client hands in, and an honest server does not take. */
export const forgeries: Readonly<Record<string, Act>> = {
  'a sequence number far ahead': forging(async (author) => ({
    header: { seq: (await ownSeq(author)) + 2 ** 31 },
  })),
  'a sequence number again': forging(async (author) => {
    const seq = await ownSeq(author);
    return seq === 0 ? null : { header: { seq } };
  }),
  'a head that nobody signed': forging(async ({ person, room }) => {
    const { state } = await keptRoom(person, room);
    const seen = await insideOf(person).heads.newest({ kind: 'room', id: state.id });
    return seen === null ? null : { header: { seen: { ...seen, length: seen.length + 1000 } as SignedHead } };
  }),
  'a record of an old era': forging(async ({ person, room }) => {
    const { state } = await keptRoom(person, room);
    return state.eras.length < 2 ? null : { header: { era: 0 } };
  }),
  'a signature of another key': forging(async ({ person }) => {
    const { secretKey } = await person.session.identity.suite.signature.generate();
    return { signer: secretKey };
  }),
  'a record of another room': forging(async ({ person, box, room }) => {
    const other = (await box.listRooms()).find(({ id }) => id !== room);
    return other === undefined ? null : { header: { room: parseHex(other.id) }, body: message(person, 'forged') };
  }),
  'an era without some member': async (stage, { device, box }) => {
    const place = await forgerPlace(stage, { device, box });
    if (place === null) return 'no room';
    const { person, room } = place;
    const { state } = await keptRoom(person, room);
    if (Object.keys(state.members).length < 2) return 'alone';
    const prepared = await forgeEra(person, room, [person]);
    const draft = { type: 'era', body: { era: prepared.era } } as const;
    const { envelope } = await forgeStatement(person, room, { draft });
    const statement = { envelope, rows: prepared.rows, entries: prepared.entries };
    return refusedBy(stage, 'an era without some member', () =>
      person.session.link.call('rooms.append', { room: state.id, statement }),
    );
  },
};

interface Forger {
  readonly person: Person;
  readonly box: KeyBox;
  readonly room: string;
}

function forging(forge: (forger: Forger) => Promise<ForgedRecord | null>): Act {
  return async (stage, actor) => {
    const place = await forgerPlace(stage, actor);
    if (place === null) return 'no room';
    const { person, room } = place;
    const { state } = await keptRoom(person, room);
    const forged = await forge({ ...place, box: actor.box });
    if (forged === null || state.keying !== 'era') return 'nothing to forge';
    const { record } = await forgeRecord(person, room, forged);
    const submission = { record: { ...record, body: record.body as Uint8Array }, keys: null };
    return refusedBy(stage, 'a forged record', async () => {
      const { refused } = await person.session.link.call('records.append', { room: state.id, records: [submission] });
      if (refused !== null) throw new Refused(refused);
    });
  };
}

async function forgerPlace(
  { chance }: Stage,
  { device, box }: Parameters<Act>[1],
): Promise<Pick<Forger, 'person' | 'room'> | null> {
  const rooms = (await box.listRooms()).filter(({ role }) => role !== null);
  const { session } = device;
  if (session === null || rooms.length === 0) return null;
  // Forging takes of a person what is inside of their keybox, and nothing else.
  return { person: { session } as unknown as Person, room: chance.pick(rooms).id };
}

async function ownSeq({ person, room }: Forger): Promise<number> {
  return (await keptRoom(person, room)).ownSeq;
}

class Refused extends Error {}

/** The refusal's code; a forgery that is taken is what must never happen. */
async function refusedBy({ ledger }: Stage, what: string, attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt();
  } catch (cause) {
    if (cause instanceof Refused) return cause.message;
    if (cause instanceof Fault && cause.blame !== 'bug') return cause.code;
    throw cause;
  }
  ledger.violated(`${what} was taken`);
  return 'taken';
}
