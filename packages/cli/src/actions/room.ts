import type { KeyBox, RoomView } from '@sotto/keybox';
import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { checkName } from '../profile.ts';
import type { HistoryName, RoleName } from '../routes/parameters.ts';
import type { CreateRoomFlags } from '../routes/room.ts';
import { printableLine } from '../terminal.ts';
import { roomJson } from './views.ts';
import { addressOf } from './words.ts';

type None = Readonly<Record<never, never>>;

export async function createRoom(run: Run, { type, history, keying }: CreateRoomFlags, name: string): Promise<void> {
  checkName(name);
  await withAccount(run, 'needed', async (box) => {
    // A room that seals a key with every message has no past to give to newcomers.
    const room = await box.createRoom({ name, type, keying, history: keying === 'era' ? history : 'from-join' });
    run.output.value(roomJson(room), () => `${printableLine(room.name)} is room ${room.id}.`);
  });
}

export async function addMember(
  run: Run,
  { role }: { readonly role: RoleName },
  room: string,
  address: string,
): Promise<void> {
  const who = addressOf(address);
  await change(run, room, async (box, { id }) => {
    const view = await box.addMember(id, who, role);
    return { view, text: `${who} is in ${view.name} now, as ${role}.` };
  });
}

export async function removeMember(run: Run, _: None, room: string, address: string): Promise<void> {
  const who = addressOf(address);
  await change(run, room, async (box, { id }) => {
    const view = await box.removeMember(id, who);
    return { view, text: `${who} is out of ${view.name}; era ${view.era} shuts them out.` };
  });
}

export async function setRole(run: Run, _: None, room: string, address: string, role: RoleName): Promise<void> {
  const who = addressOf(address);
  await change(run, room, async (box, { id }) => {
    const view = await box.setRole(id, who, role);
    return { view, text: `${who} is ${role} of ${view.name} now.` };
  });
}

export async function renameRoom(run: Run, _: None, room: string, name: string): Promise<void> {
  checkName(name);
  await change(run, room, async (box, { id }) => {
    const view = await box.renameRoom(id, name);
    return { view, text: `The room is called ${view.name} now.` };
  });
}

export async function setHistory(run: Run, _: None, room: string, history: HistoryName): Promise<void> {
  await change(run, room, async (box, { id }) => {
    const view = await box.setHistory(id, history);
    const what = history === 'all' ? 'everything from now on' : 'what is written after they joined';
    return { view, text: `Newcomers of ${view.name} will read ${what}.` };
  });
}

export async function rotateRoom(run: Run, _: None, room: string): Promise<void> {
  await change(run, room, async (box, { id }) => {
    const view = await box.rotateRoom(id);
    return { view, text: `${view.name} is in era ${view.era} now.` };
  });
}

export async function leaveRoom(run: Run, { successor }: { readonly successor?: string }, room: string): Promise<void> {
  const options = successor === undefined ? {} : { successor: addressOf(successor) };
  await withAccount(run, 'needed', async (box) => {
    const { id, name } = await box.findRoom(room);
    await run.dialogue.confirm(`Leave ${printableLine(name)}?`);
    await box.leaveRoom(id, options);
    run.output.done({ id, left: true }, () => `You left ${printableLine(name)}.`);
  });
}

export async function closeRoom(run: Run, _: None, room: string): Promise<void> {
  await withAccount(run, 'needed', async (box) => {
    const { id, name } = await box.findRoom(room);
    await run.dialogue.confirm(`Close ${printableLine(name)} for everybody and for good?`);
    await box.closeRoom(id);
    run.output.done({ id, closed: true }, () => `${printableLine(name)} is closed.`);
  });
}

type Changed = { readonly view: RoomView; readonly text: string };

async function change(run: Run, room: string, work: (box: KeyBox, room: RoomView) => Promise<Changed>): Promise<void> {
  await withAccount(run, 'needed', async (box) => {
    const { view, text } = await work(box, await box.findRoom(room));
    run.output.done(roomJson(view), () => printableLine(text));
  });
}
