import type { RoomView } from '@sotto/keybox';
import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { grouped, table } from '../terminal.ts';
import { roomJson, roomText } from './views.ts';

type None = Readonly<Record<never, never>>;

export async function listRooms({ output, ...run }: Run): Promise<void> {
  await withAccount({ output, ...run }, 'wanted', async (box) => {
    const rooms = await box.listRooms();
    if (output.json) return output.list(rooms.map(roomJson), String);
    if (rooms.length === 0) return output.note('No rooms yet: `sotto room create NAME` makes one.');
    output.list(rooms, () => table(HEADINGS, rooms.map(row), output.style));
  });
}

export async function showRoom(run: Run, _: None, room: string): Promise<void> {
  await withAccount(run, 'wanted', async (box) => {
    const view = await box.findRoom(room);
    run.output.value(roomJson(view), () => roomText(view, run.output.style));
    return view.id;
  });
}

export async function listMembers({ output, ...run }: Run, _: None, room: string): Promise<void> {
  await withAccount({ output, ...run }, 'wanted', async (box) => {
    const { id } = await box.findRoom(room);
    const members = await box.roomMembers(id);
    output.list(members, () =>
      table(
        ['ADDRESS', 'CALLS ITSELF', 'ROLE', 'VERIFIED', 'FINGERPRINT'],
        members.map(({ address, name, role, verified, fingerprint }) => [
          address,
          name ?? '',
          role,
          verified ? 'yes' : 'no',
          grouped(fingerprint),
        ]),
        output.style,
      ),
    );
    return id;
  });
}

function row({ id, name, type, members, role, ...room }: RoomView): readonly string[] {
  return [name, type, String(members), role ?? '-', id.slice(0, 16), stateOf({ role, ...room })];
}

function stateOf({ closed, role, unread, unreadMentions, marks, draft, stopped }: Omit<RoomView, Named>): string {
  const unreadText = unreadMentions > 0 ? `${unread} unread, ${unreadMentions} to you` : `${unread} unread`;
  return [
    closed ? 'closed' : role === null ? 'left' : unread > 0 ? unreadText : '',
    closed ? '' : (stopped ?? ''),
    ...(['pinned', 'muted', 'archived'] as const).filter((mark) => marks[mark]),
    draft === null ? '' : 'draft',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

type Named = 'id' | 'name' | 'type' | 'members';

const HEADINGS = ['NAME', 'TYPE', 'MEMBERS', 'ROLE', 'ID', ''];
