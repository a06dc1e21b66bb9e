import { buildRouteMap, type RouteMap } from '@stricli/core';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { address, portNumber, smallCount, text, wholeNumber } from './parameters.ts';

/** What every call can be told, placed or answered. */
export type CallFlags = {
  readonly play?: string;
  readonly record?: string;
  readonly profile: ProfileWord;
  readonly listen?: readonly string[];
  readonly strong: boolean;
  readonly confirmSas: boolean;
  readonly seconds?: number;
};

const profiles = ['standard', 'low-bandwidth'] as const;
type ProfileWord = (typeof profiles)[number];

const callFlags = {
  play: {
    kind: 'parsed',
    parse: text,
    brief: 'Say this WAV file instead of the microphone',
    optional: true,
    placeholder: 'WAV',
  },
  record: {
    kind: 'parsed',
    parse: text,
    brief: 'Write what is heard into a new WAV file instead of the loudspeaker',
    optional: true,
    placeholder: 'WAV',
  },
  profile: { kind: 'enum', values: profiles, brief: 'How much of the line is used', default: 'standard' },
  listen: {
    kind: 'parsed',
    parse: text,
    brief: 'IP address of this machine that the other end can reach; 127.0.0.1 without it',
    optional: true,
    variadic: true,
    placeholder: 'ADDRESS',
  },
  strong: { kind: 'boolean', brief: 'Prefer X448, and words to compare', default: false, withNegated: false },
  confirmSas: {
    kind: 'boolean',
    brief: 'Take the short string for compared without asking: for tests between your own ends alone',
    default: false,
    withNegated: false,
  },
  seconds: { kind: 'parsed', parse: wholeNumber, brief: 'Hang up after so long', optional: true, placeholder: 'N' },
} as const;

export type PlaceFlags = CallFlags & { readonly sip?: string };
export type AnswerFlags = CallFlags & { readonly sip?: number };

const sipUri = {
  kind: 'parsed',
  parse: text,
  brief: 'Call a softphone that speaks ZRTP, in the place of a contact: sip:NAME@HOST, with ;transport=tcp over TCP',
  optional: true,
  placeholder: 'URI',
} as const;

const sipPort = {
  kind: 'parsed',
  parse: portNumber,
  brief: 'Wait on this port for softphones, in the place of contacts; 5060 is the usual one, 0 takes one that is free',
  optional: true,
  placeholder: 'PORT',
} as const;

const talk =
  'Both ends show the same short string: read it to each other, and type y if it is the same; the next call knows that then. While you talk, m mutes and q hangs up, as does Ctrl-C.';

export const call: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'Talk with contacts, encrypted from end to end' },
  defaultCommand: 'place',
  routes: {
    place: command<PlaceFlags, [address?: string]>({
      brief: 'Call a contact, or a softphone; the word place may be left out',
      details: talk,
      examples: [
        'sotto call bob@example.org',
        'sotto call bob@example.org --listen 192.0.2.7 --profile low-bandwidth',
        'sotto call bob@example.org --play question.wav --record answer.wav --json',
        'sotto call --sip sip:bob@192.0.2.8 --listen 192.0.2.7',
      ],
      parameters: {
        flags: { ...callFlags, sip: sipUri },
        positional: { kind: 'tuple', parameters: [{ ...address, optional: true }] },
      },
      load: async () => (await import('../actions/call.ts')).placeCall,
    }),
    answer: command<AnswerFlags>({
      brief: 'Wait for a call and answer it',
      details: talk,
      examples: [
        'sotto call answer',
        'sotto call answer --yes --listen 192.0.2.8',
        'sotto call answer --sip 5060 --listen 192.0.2.8',
      ],
      parameters: { flags: { ...callFlags, sip: sipPort } },
      load: async () => (await import('../actions/call.ts')).answerCall,
    }),
    decline: command({
      brief: 'Decline the call that rings, on all your devices',
      examples: ['sotto call decline'],
      parameters: {},
      load: async () => (await import('../actions/call.ts')).declineCall,
    }),
    log: command<{ readonly limit: number }>({
      brief: 'List calls, the newest first',
      examples: ['sotto call log', 'sotto call log --json'],
      parameters: {
        flags: {
          limit: { kind: 'parsed', parse: smallCount, brief: 'How many, 1 to 100', default: '20', placeholder: 'N' },
        },
      },
      load: async () => (await import('../actions/call.ts')).listCalls,
    }),
  },
});
