import { Fault } from '@sotto/bytes';
import type { Field } from '../syntax/field.ts';
import { valuesOf } from '../syntax/field.ts';
import { type Message, tokensOf } from '../syntax/message.ts';
import type { RequestLine } from '../syntax/start-line.ts';

/** Why a request is not done, and what the answer tells beside its status. */
export interface Refusal {
  readonly status: number;
  readonly fields: readonly Field[];
}

export const ALLOW: Field = { name: 'Allow', value: 'INVITE, ACK, CANCEL, BYE, OPTIONS' };
export const ACCEPT: Field = { name: 'Accept', value: 'application/sdp' };

/** What is asked of every request (RFC 3261 section 8.2), in its order; null if nothing speaks against it. */
export function screen(request: Message<RequestLine>): Refusal | null {
  const { method, uri } = request.start;
  if (!METHODS.has(method)) return { status: 405, fields: [ALLOW] };
  // Without TLS the promise of `sips` cannot be kept.
  if (uri.scheme !== 'sip') return { status: 416, fields: [] };
  if (method === 'ACK' || method === 'CANCEL') return null;
  try {
    return screenExtensions(request) ?? (method === 'INVITE' ? screenInvite(request) : null);
  } catch (cause) {
    if (cause instanceof Fault) return { status: 400, fields: [] };
    throw cause;
  }
}

function screenExtensions(request: Message): Refusal | null {
  const required = tokensOf(request, 'Require');
  if (required.length === 0) return null;
  return { status: 420, fields: [{ name: 'Unsupported', value: required.join(', ') }] };
}

function screenInvite(request: Message): Refusal | null {
  const { contentType, contacts, body, fields } = request;
  if (contacts.length > 1) return { status: 400, fields: [] };
  if (body.length > 0 && contentType !== 'application/sdp') return { status: 415, fields: [ACCEPT] };
  const encodings = tokensOf(request, 'Content-Encoding');
  if (encodings.some((encoding) => encoding !== 'identity'))
    return { status: 415, fields: [{ name: 'Accept-Encoding', value: 'identity' }] };
  const accepted = valuesOf(fields, 'Accept');
  const takesSdp = accepted === null || /application\/(?:sdp|\*)|\*\/\*/i.test(accepted);
  return takesSdp ? null : { status: 406, fields: [ACCEPT] };
}

const METHODS: ReadonlySet<string> = new Set(['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS']);
