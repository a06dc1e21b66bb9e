import { buildRouteMap, type Command, type RouteMap } from '@stricli/core';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import {
  address,
  type HistoryName,
  historyNames,
  type RoleName,
  roleNames,
  room,
  smallCount,
  text,
} from './parameters.ts';

export type CreateRoomFlags = {
  readonly type: 'chat';
  readonly history: HistoryName;
  readonly keying: 'era' | 'per-message';
};

type Simple = 'closeRoom' | 'rotateRoom';
type Look = 'showRoom' | 'listMembers';

const role = { kind: 'enum', values: roleNames, brief: 'What they may do', placeholder: 'R' } as const;

const off = { kind: 'boolean', brief: 'End it', default: false, withNegated: false } as const;

export const roomRoutes: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'Rooms, their members and rules' },
  routes: {
    create: command<CreateRoomFlags, [name: string]>({
      brief: 'Make a room; you are its owner',
      details:
        'History `all` lets newcomers read what was written before, `from-join` does not. Keying `per-message` seals a key for every member with every message.',
      examples: ['sotto room create ward-3', 'sotto room create board --history from-join'],
      parameters: {
        flags: {
          type: { kind: 'enum', values: ['chat'], brief: 'Type of the room', default: 'chat' },
          history: { kind: 'enum', values: historyNames, brief: 'What newcomers read', default: 'all' },
          keying: { kind: 'enum', values: ['era', 'per-message'], brief: 'How messages are keyed', default: 'era' },
        },
        positional: { kind: 'tuple', parameters: [{ brief: 'Its name', parse: text, placeholder: 'NAME' }] },
      },
      load: async () => (await import('../actions/room.ts')).createRoom,
    }),
    list: command({
      brief: 'List the rooms that you are in',
      examples: ['sotto room list', 'sotto room list --json'],
      parameters: {},
      load: async () => (await import('../actions/room-list.ts')).listRooms,
    }),
    show: look('showRoom', 'Show one room', 'sotto room show ward-3'),
    members: look('listMembers', 'List the members and who is verified', 'sotto room members ward-3'),
    add: command<{ readonly role: RoleName }, [room: string, address: string]>({
      brief: 'Add a contact to a room',
      examples: ['sotto room add ward-3 bob@example.org', 'sotto room add ward-3 carol@example.org --role reader'],
      parameters: {
        flags: { role: { ...role, default: 'member' } },
        positional: { kind: 'tuple', parameters: [room, address] },
      },
      load: async () => (await import('../actions/room.ts')).addMember,
    }),
    remove: command<Record<never, never>, [room: string, address: string]>({
      brief: 'Remove a member; new keys shut them out at once',
      examples: ['sotto room remove ward-3 bob@example.org'],
      parameters: { positional: { kind: 'tuple', parameters: [room, address] } },
      load: async () => (await import('../actions/room.ts')).removeMember,
    }),
    role: command<Record<never, never>, [room: string, address: string, role: RoleName]>({
      brief: 'Give a member another role',
      details: `Roles: ${roleNames.join(', ')}.`,
      examples: ['sotto room role ward-3 bob@example.org admin'],
      parameters: {
        positional: {
          kind: 'tuple',
          parameters: [room, address, { brief: roleNames.join('|'), parse: parseRole, placeholder: 'ROLE' }],
        },
      },
      load: async () => (await import('../actions/room.ts')).setRole,
    }),
    rename: command<Record<never, never>, [room: string, name: string]>({
      brief: 'Give a room another name',
      examples: ["sotto room rename ward-3 'Ward 3, night'"],
      parameters: {
        positional: { kind: 'tuple', parameters: [room, { brief: 'The new name', parse: text, placeholder: 'NAME' }] },
      },
      load: async () => (await import('../actions/room.ts')).renameRoom,
    }),
    history: command<Record<never, never>, [room: string, history: HistoryName]>({
      brief: 'Change what newcomers will read from now on',
      examples: ['sotto room history ward-3 from-join'],
      parameters: {
        positional: {
          kind: 'tuple',
          parameters: [room, { brief: historyNames.join('|'), parse: parseHistory, placeholder: 'HISTORY' }],
        },
      },
      load: async () => (await import('../actions/room.ts')).setHistory,
    }),
    pin: marked('pinRoom', 'Put a room above the others, for your devices alone', 'sotto room pin ward-3'),
    archive: marked('archiveRoom', 'Put a room away, for your devices alone', 'sotto room archive ward-3'),
    mute: command<{ readonly off: boolean; readonly hours?: number }, [room: string]>({
      brief: 'Be told of a room no more, on your devices',
      examples: ['sotto room mute ward-3', 'sotto room mute ward-3 --hours 8', 'sotto room mute ward-3 --off'],
      parameters: {
        flags: {
          off,
          hours: {
            kind: 'parsed',
            parse: smallCount,
            brief: 'For so many hours; else until you end it',
            optional: true,
            placeholder: 'N',
          },
        },
        positional: { kind: 'tuple', parameters: [room] },
      },
      load: async () => (await import('../actions/room-marks.ts')).muteRoom,
    }),
    leave: command<{ readonly successor?: string }, [room: string]>({
      brief: 'Leave a room',
      examples: ['sotto room leave ward-3', 'sotto room leave ward-3 --successor bob@example.org'],
      parameters: {
        flags: {
          successor: {
            kind: 'parsed',
            parse: text,
            brief: 'Who owns it then; the last owner must say',
            optional: true,
            placeholder: 'ADDRESS',
          },
        },
        positional: { kind: 'tuple', parameters: [room] },
      },
      load: async () => (await import('../actions/room.ts')).leaveRoom,
    }),
    close: simple('closeRoom', 'Close a room for good; it stays readable', 'sotto room close ward-3'),
    rotate: simple(
      'rotateRoom',
      'Start a new era: fresh keys for everybody who is a member now',
      'sotto room rotate ward-3',
    ),
  },
});

function marked(action: 'pinRoom' | 'archiveRoom', brief: string, example: string): Command<CliContext> {
  return command<{ readonly off: boolean }, [room: string]>({
    brief,
    examples: [example, `${example} --off`],
    parameters: { flags: { off }, positional: { kind: 'tuple', parameters: [room] } },
    load: async () => (await import('../actions/room-marks.ts'))[action],
  });
}

function look(action: Look, brief: string, example: string): Command<CliContext> {
  return command<Record<never, never>, [room: string]>({
    brief,
    examples: [example],
    parameters: { positional: { kind: 'tuple', parameters: [room] } },
    load: async () => (await import('../actions/room-list.ts'))[action],
  });
}

function simple(action: Simple, brief: string, example: string): Command<CliContext> {
  return command<Record<never, never>, [room: string]>({
    brief,
    examples: [example],
    parameters: { positional: { kind: 'tuple', parameters: [room] } },
    load: async () => (await import('../actions/room.ts'))[action],
  });
}

function parseRole(input: string): RoleName {
  const found = roleNames.find((name) => name === input);
  if (found === undefined) throw new SyntaxError(`one of ${roleNames.join(', ')}`);
  return found;
}

function parseHistory(input: string): HistoryName {
  const found = historyNames.find((name) => name === input);
  if (found === undefined) throw new SyntaxError(`one of ${historyNames.join(', ')}`);
  return found;
}
