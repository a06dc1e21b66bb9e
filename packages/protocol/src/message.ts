import type { CborValue } from '@sotto/bytes';
import { z } from 'zod/mini';
import { boundedBytes, count, type Format, format, hash32 } from './format.ts';
import { MAX_SIGNAL_CONTAINER_BYTES } from './limits.ts';
import { type Presence, presence } from './presence.ts';

/** What a client sends inside the channel; `id` rises by one with each request of a channel. */
export interface Request {
  readonly id: number;
  readonly operation: string;
  readonly input: CborValue;
}

/** A hint that there is more to read; data comes by cursor. Presence and the signals of calls are told as they are, and never kept. */
export type ServerEvent =
  | { readonly event: 'room'; readonly room: Uint8Array; readonly length: number }
  | { readonly event: 'mailbox'; readonly last: number }
  | { readonly event: 'contacts' }
  | { readonly event: 'policy' }
  /** The account's own sigchain grew. */
  | { readonly event: 'chain' }
  | { readonly event: 'presence'; readonly presence: Presence }
  | { readonly event: 'signal'; readonly container: Uint8Array };

/** What a server sends: answers, refusals and events. */
export type ServerMessage =
  | { readonly type: 'output'; readonly id: number; readonly output: CborValue }
  | {
      readonly type: 'fault';
      readonly id: number;
      readonly code: string;
      readonly message: string;
      readonly detail: { readonly [key: string]: string | number };
    }
  | { readonly type: 'event'; readonly event: ServerEvent };

const anyValue = z.custom<CborValue>((value) => value !== undefined);

export const request: Format<Request> = format(
  'request',
  z.strictObject({ id: count, operation: z.string().check(z.maxLength(64)), input: anyValue }),
);

const serverEvent: z.ZodMiniType<ServerEvent> = z.discriminatedUnion('event', [
  z.strictObject({ event: z.literal('room'), room: hash32, length: count }),
  z.strictObject({ event: z.literal('mailbox'), last: count }),
  z.strictObject({ event: z.literal('contacts') }),
  z.strictObject({ event: z.literal('policy') }),
  z.strictObject({ event: z.literal('chain') }),
  z.strictObject({ event: z.literal('presence'), presence }),
  z.strictObject({ event: z.literal('signal'), container: boundedBytes(MAX_SIGNAL_CONTAINER_BYTES, 1) }),
]);

export const serverMessage: Format<ServerMessage> = format<ServerMessage>(
  'server message',
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('output'), id: count, output: anyValue }),
    z.strictObject({
      type: z.literal('fault'),
      id: count,
      code: z.string().check(z.maxLength(64)),
      message: z.string().check(z.maxLength(1024)),
      detail: z.record(z.string().check(z.maxLength(64)), z.union([z.string().check(z.maxLength(4096)), z.int()])),
    }),
    z.strictObject({ type: z.literal('event'), event: serverEvent }),
  ]),
);
