import type { Fault } from '@sotto/bytes';
import type { KeyBox, RoomView } from '@sotto/keybox';
import type { Chance, SimulatedCity } from '@sotto/testing/simulation';
import type { Ledger, Saying } from './ledger.ts';
import { CANARY } from './weather.ts';

export type Device = SimulatedCity['devices'][number];

/** What an act needs to know. */
export interface Stage {
  readonly city: SimulatedCity;
  readonly chance: Chance;
  readonly ledger: Ledger;
}

/** Something that a person does at one device; gives what is noted of it. */
export type Act = (stage: Stage, actor: { readonly device: Device; readonly box: KeyBox }) => Promise<string>;

export const acts = {
  async send({ chance, ledger }, { device, box }) {
    const room = await someRoom(box, chance);
    if (room === null) return 'no room';
    const saying = speak(ledger, { device: device.name, room: room.id });
    saying.sent = await box.sendMessage(room.id, saying.text);
    return `${saying.text} ${saying.sent.state}`;
  },

  async sendTwo({ chance, ledger }, { device, box }) {
    const room = await someRoom(box, chance);
    if (room === null) return 'no room';
    const sayings = [0, 1].map(() => speak(ledger, { device: device.name, room: room.id }));
    await Promise.all(sayings.map(async (saying) => (saying.sent = await box.sendMessage(room.id, saying.text))));
    return sayings.map(({ text, sent }) => `${text} ${sent?.state}`).join();
  },

  async edit({ chance, ledger }, { box }) {
    const found = await someMessage(box, chance, true);
    if (found === null) return 'no message';
    const { state } = await box.editMessage(found.room, found.id, `${found.text}+${ledger.lines.length}`);
    return `${found.text} ${state}`;
  },

  async react({ chance }, { box }) {
    const found = await someMessage(box, chance, false);
    if (found === null) return 'no message';
    return `${found.text} ${(await box.reactMessage(found.room, found.id, chance.pick(['+1', 'ok', '?']))).state}`;
  },

  async sync({ ledger }, { box }) {
    const { online, faults } = await box.sync();
    return `${online ? 'online' : 'offline'} ${codes(faults, ledger)}`;
  },

  async createRoom({ ledger, chance }, { box }) {
    const history = chance.pick(['all', 'from-join'] as const);
    const keying = chance.happens(0.2) ? 'per-message' : 'era';
    const { id } = await box.createRoom({ name: `made ${ledger.lines.length}`, type: 'chat', history, keying });
    return `${ledger.roomName(id)} ${history} ${keying}`;
  },

  async addMember({ chance, ledger }, { box }) {
    const room = await someRoom(box, chance);
    const contacts = await box.listContacts();
    if (room === null || contacts.length === 0) return 'nobody';
    const { address } = chance.pick(contacts);
    for (const removal of ledger.removals) {
      if (removal.room === room.id && removal.address === address) removal.readded = true;
    }
    await box.addMember(room.id, address, chance.pick(['member', 'admin']));
    return `${ledger.roomName(room.id)} ${address}`;
  },

  async removeMember({ chance, ledger }, { box }) {
    const room = await someRoom(box, chance);
    if (room === null) return 'no room';
    const others = (await box.roomMembers(room.id)).filter(({ address }) => address !== box.address);
    if (others.length === 0) return 'nobody';
    const { address } = chance.pick(others);
    const { id } = await box.removeMember(room.id, address);
    ledger.removals.push({ room: id, address, from: ledger.sayings.length, readded: false });
    return `${ledger.roomName(room.id)} ${address}`;
  },

  async rotate({ chance, ledger }, { box }) {
    const room = await someRoom(box, chance);
    if (room === null) return 'no room';
    await box.rotateRoom(room.id);
    return ledger.roomName(room.id);
  },

  async rename({ chance, ledger }, { box }) {
    const room = await someRoom(box, chance);
    if (room === null) return 'no room';
    await box.renameRoom(room.id, `called ${ledger.lines.length}`);
    return ledger.roomName(room.id);
  },

  async read({ chance, ledger }, { box }) {
    const room = await someRoom(box, chance);
    if (room === null) return 'no room';
    await box.markRead(room.id);
    return ledger.roomName(room.id);
  },
} satisfies Readonly<Record<string, Act>>;

export type ActName = keyof typeof acts;

/** Fault codes as they are noted. */
export function codes(faults: readonly Fault[], ledger: Ledger): string {
  for (const fault of faults) if (fault.blame === 'bug') ledger.violated(`a bug: ${fault.message}`);
  return faults.map(({ code }) => code).join();
}

function speak(ledger: Ledger, { device, room }: Pick<Saying, 'device' | 'room'>): Saying {
  const ordinal = ledger.sayings.length;
  const text = `${CANARY}${ordinal}-`;
  const saying: Saying = { ordinal, device, room, text, sent: null, vaultWasRestored: false };
  ledger.sayings.push(saying);
  return saying;
}

async function someRoom(box: KeyBox, chance: Chance): Promise<RoomView | null> {
  const rooms = (await box.listRooms()).filter(({ role }) => role !== null);
  return rooms.length === 0 ? null : chance.pick(rooms);
}

async function someMessage(box: KeyBox, chance: Chance, own: boolean) {
  const room = await someRoom(box, chance);
  if (room === null) return null;
  const messages = (await box.listMessages(room.id)).filter(({ author }) => !own || author === box.address);
  return messages.length === 0 ? null : chance.pick(messages);
}
