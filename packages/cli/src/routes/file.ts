import { buildRouteMap, type RouteMap } from '@stricli/core';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { room, text, wholeNumber } from './parameters.ts';

const fileWord = { brief: 'Id, first 8 or more digits of it, or name', parse: text, placeholder: 'FILE' } as const;
const transferId = { brief: 'Id, or first 8 or more digits of it', parse: text, placeholder: 'TRANSFER' } as const;
const version = {
  kind: 'parsed',
  parse: wholeNumber,
  brief: 'This version; else the newest',
  optional: true,
  placeholder: 'N',
} as const;

export const file: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'Send, list and fetch files' },
  routes: {
    send: command<
      { readonly name?: string; readonly type?: string; readonly replace?: string; readonly key?: string },
      [target: string, path: string]
    >({
      brief: 'Send a file to a room or, by address, to a contact',
      details:
        'A transfer that was broken off, even by a crash, goes on where it was when the same command is repeated. Other commands can be used meanwhile.',
      examples: [
        'sotto file send ward-3 scan.tiff',
        'sotto file send bob@example.org ~/letter.pdf --name contract.pdf',
        'sotto file send ward-3 plan.ods --replace plan.ods',
      ],
      parameters: {
        flags: {
          name: {
            kind: 'parsed',
            parse: text,
            brief: 'Name that the others see; else that of the file',
            optional: true,
            placeholder: 'NAME',
          },
          type: {
            kind: 'parsed',
            parse: text,
            brief: 'Media type; else by the name',
            optional: true,
            placeholder: 'TYPE',
          },
          replace: {
            kind: 'parsed',
            parse: text,
            brief: 'File of the room that this is the next version of',
            optional: true,
            placeholder: 'FILE',
          },
          key: {
            kind: 'parsed',
            parse: text,
            brief: 'Makes sending it again harmless',
            optional: true,
            placeholder: 'K',
          },
        },
        positional: {
          kind: 'tuple',
          parameters: [
            { brief: 'Room, or address of a contact', parse: text, placeholder: 'ROOM_OR_ADDRESS' },
            { brief: 'The file', parse: text, placeholder: 'PATH' },
          ],
        },
      },
      load: async () => (await import('../actions/file-send.ts')).sendFile,
    }),
    list: command<Record<never, never>, [room: string]>({
      brief: 'List the files of a room in their newest versions',
      examples: ['sotto file list ward-3', 'sotto file list ward-3 --json'],
      parameters: { positional: { kind: 'tuple', parameters: [room] } },
      load: async () => (await import('../actions/file.ts')).listFiles,
    }),
    versions: command<Record<never, never>, [room: string, file: string]>({
      brief: 'List the versions of a file, oldest first',
      examples: ['sotto file versions ward-3 plan.ods'],
      parameters: { positional: { kind: 'tuple', parameters: [room, fileWord] } },
      load: async () => (await import('../actions/file.ts')).listVersions,
    }),
    get: command<
      { readonly out: string; readonly version?: number; readonly force: boolean },
      [room: string, file: string]
    >({
      brief: 'Fetch a file',
      details:
        'Nothing is written under its name before all of it is verified. A transfer that was broken off goes on where it was when the same command is repeated.',
      examples: [
        'sotto file get ward-3 scan.tiff --out .',
        'sotto file get ward-3 9f2c41d0 --out plan-1.ods --version 1',
      ],
      parameters: {
        flags: {
          out: { kind: 'parsed', parse: text, brief: 'Where to: a file, or a folder', placeholder: 'PATH' },
          version,
          force: { kind: 'boolean', brief: 'Replace what is there', default: false, withNegated: false },
        },
        positional: { kind: 'tuple', parameters: [room, fileWord] },
      },
      load: async () => (await import('../actions/file-get.ts')).fetchFile,
    }),
    remove: command<{ readonly version?: number }, [room: string, file: string]>({
      brief: 'Take a file back: here, at the server and on the devices of the members',
      details: 'What somebody has fetched already stays with them.',
      examples: ['sotto file remove ward-3 scan.tiff', 'sotto file remove ward-3 plan.ods --version 1'],
      parameters: {
        flags: { version: { ...version, brief: 'This version alone; else all' } },
        positional: { kind: 'tuple', parameters: [room, fileWord] },
      },
      load: async () => (await import('../actions/file.ts')).removeFile,
    }),
    transfers: command({
      brief: 'List transfers that were begun and are not over',
      examples: ['sotto file transfers'],
      parameters: {},
      load: async () => (await import('../actions/file.ts')).listTransfers,
    }),
    cancel: command<Record<never, never>, [transfer: string]>({
      brief: 'Give a transfer up',
      examples: ['sotto file cancel 9f2c41d0'],
      parameters: { positional: { kind: 'tuple', parameters: [transferId] } },
      load: async () => (await import('../actions/file.ts')).cancelTransfer,
    }),
  },
});
