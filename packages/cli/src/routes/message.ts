import { buildRouteMap, type RouteMap } from '@stricli/core';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { messageId, messageText, room, text, wholeNumber } from './parameters.ts';

export type SendFlags = {
  readonly key?: string;
  readonly replyTo?: string;
  readonly voice?: string;
};

export const message: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'Write, read and watch messages' },
  routes: {
    send: command<SendFlags, [target: string, text?: string]>({
      brief: 'Send a message to a room or, by address, to a contact',
      details:
        'Returns once the server has it. While the server is out of reach the message waits in the encrypted outbox, and the exit code is 6. With the same --key a message is never sent twice.',
      examples: [
        "sotto message send ward-3 'The results are in.'",
        'sotto message send bob@example.org - < letter.txt',
        'sotto message send bob@example.org --voice note.ogg',
        "sotto message send ward-3 'Backup done.' --key backup-2026-11-21",
      ],
      parameters: {
        flags: {
          key: {
            kind: 'parsed',
            parse: text,
            brief: 'Makes sending it again harmless',
            optional: true,
            placeholder: 'K',
          },
          replyTo: { kind: 'parsed', parse: text, brief: 'Message that it answers', optional: true, placeholder: 'ID' },
          voice: {
            kind: 'parsed',
            parse: text,
            brief: 'Send this recording in Ogg Opus instead of a text',
            optional: true,
            placeholder: 'F',
          },
        },
        positional: {
          kind: 'tuple',
          parameters: [
            { brief: 'Room, or address of a contact', parse: text, placeholder: 'ROOM_OR_ADDRESS' },
            messageText,
          ],
        },
      },
      load: async () => (await import('../actions/message-send.ts')).sendMessage,
    }),
    list: command<{ readonly after?: number }, [room: string]>({
      brief: 'List the messages of a room, oldest first',
      examples: ['sotto message list ward-3', 'sotto message list ward-3 --after 120 --json'],
      parameters: {
        flags: {
          after: {
            kind: 'parsed',
            parse: wholeNumber,
            brief: 'Only those after this position',
            optional: true,
            placeholder: 'N',
          },
        },
        positional: { kind: 'tuple', parameters: [room] },
      },
      load: async () => (await import('../actions/message.ts')).listMessages,
    }),
    watch: command({
      brief: 'Print messages of all rooms as they come or change, until it is stopped',
      examples: ['sotto message watch', 'sotto message watch --json | jq .text'],
      parameters: {},
      load: async () => (await import('../actions/message-watch.ts')).watchMessages,
    }),
    edit: command<Record<never, never>, [room: string, id: string, text?: string]>({
      brief: 'Change a message of yours',
      examples: ["sotto message edit ward-3 9f2c41d0 'The results are not in.'"],
      parameters: { positional: { kind: 'tuple', parameters: [room, messageId, messageText] } },
      load: async () => (await import('../actions/message-send.ts')).editMessage,
    }),
    react: command<{ readonly remove: boolean }, [room: string, id: string, text?: string]>({
      brief: 'React to a message',
      examples: ['sotto message react ward-3 9f2c41d0 👍', 'sotto message react ward-3 9f2c41d0 👍 --remove'],
      parameters: {
        flags: { remove: { kind: 'boolean', brief: 'Take the reaction back', default: false } },
        positional: { kind: 'tuple', parameters: [room, messageId, messageText] },
      },
      load: async () => (await import('../actions/message-send.ts')).reactMessage,
    }),
    delete: command<Record<never, never>, [room: string, id: string]>({
      brief: 'Delete a message, here, at the server and on the devices of the members',
      examples: ['sotto message delete ward-3 9f2c41d0'],
      parameters: { positional: { kind: 'tuple', parameters: [room, messageId] } },
      load: async () => (await import('../actions/message-send.ts')).deleteMessage,
    }),
    read: command<{ readonly to?: number }, [room: string]>({
      brief: 'Tell the authors that you have read',
      examples: ['sotto message read ward-3', 'sotto message read ward-3 --to 120'],
      parameters: {
        flags: {
          to: {
            kind: 'parsed',
            parse: wholeNumber,
            brief: 'Up to this position; else everything',
            optional: true,
            placeholder: 'N',
          },
        },
        positional: { kind: 'tuple', parameters: [room] },
      },
      load: async () => (await import('../actions/message.ts')).markRead,
    }),
    show: command<{ readonly container: boolean }, [room: string, id: string]>({
      brief: 'Show one message; with --container as a CMS container for its readers',
      examples: ['sotto message show ward-3 9f2c41d0', 'sotto message show ward-3 9f2c41d0 --container > message.p7m'],
      parameters: {
        flags: {
          container: {
            kind: 'boolean',
            brief: 'Print the bytes (DER) of a container',
            default: false,
            withNegated: false,
          },
        },
        positional: { kind: 'tuple', parameters: [room, messageId] },
      },
      load: async () => (await import('../actions/message.ts')).showMessage,
    }),
  },
});

export const outbox: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'What waits to be sent' },
  routes: {
    list: command({
      brief: 'List what waits, oldest first',
      examples: ['sotto outbox list'],
      parameters: {},
      load: async () => (await import('../actions/outbox.ts')).listOutbox,
    }),
    drop: command<Record<never, never>, [id: string]>({
      brief: 'Take something back that was not sent yet',
      examples: ['sotto outbox drop 9f2c41d0'],
      parameters: { positional: { kind: 'tuple', parameters: [messageId] } },
      load: async () => (await import('../actions/outbox.ts')).dropOutbox,
    }),
    flush: command({
      brief: 'Send what waits, now',
      examples: ['sotto outbox flush'],
      parameters: {},
      load: async () => (await import('../actions/outbox.ts')).flushOutbox,
    }),
  },
});
