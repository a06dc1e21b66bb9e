import type { Field } from '../syntax/field.ts';
import { encodeMessage, type Message } from '../syntax/message.ts';
import type { NameAddress } from '../syntax/name-address.ts';
import { type Parameter, parameterOf } from '../syntax/parameter.ts';
import type { Hop } from './event.ts';

export interface ResponseOptions {
  readonly status: number;
  /** Ours in the dialog; null where To has one, or none is to be told. */
  readonly tag: string | null;
  readonly contact: NameAddress | null;
  readonly fields: readonly Field[];
  readonly body: Uint8Array<ArrayBuffer> | null;
}

/** RFC 3261 section 8.2.6: repeats what tells the request apart. Throws `not-sendable`. */
export function encodeResponse(
  request: Message,
  source: Hop,
  { status, tag, contact, fields, body }: ResponseOptions,
): Uint8Array<ArrayBuffer> {
  const { vias, from, to, callId, cseq } = request;
  const isTagged = tag === null || tagOf(to) !== null;
  const [top, ...others] = vias;
  return encodeMessage({
    start: { kind: 'response', status, reason: REASONS.get(status) ?? 'Refused' },
    vias: top === undefined ? [] : [{ ...top, parameters: stamped(top.parameters, source) }, ...others],
    ...{ from, callId, cseq, maxForwards: null, routes: [] },
    to: isTagged ? to : { ...to, parameters: [...to.parameters, { name: 'tag', value: tag }] },
    contacts: contact === null ? [] : [contact],
    recordRoutes: request.cseq.method === 'INVITE' && status < 300 ? request.recordRoutes : [],
    contentType: body === null ? null : 'application/sdp',
    fields,
    body: body ?? new Uint8Array(0),
  });
}

/** Where the response to a request goes (RFC 3261 section 18.2.2, RFC 3581): to nobody but the address it came from. */
export function replyHop({ vias: [via] }: Message, source: Hop): Hop {
  const hasPort = via !== undefined && parameterOf(via.parameters, 'rport') !== null;
  return source.transport === 'TCP' || hasPort ? source : { ...source, port: via?.port ?? DEFAULT_PORT };
}

export function tagOf({ parameters }: NameAddress): string | null {
  return parameterOf(parameters, 'tag');
}

/** With where the request came from (RFC 3581 section 4). */
function stamped(parameters: readonly Parameter[], { address, port }: Hop): readonly Parameter[] {
  const kept = parameters.filter(({ name }) => name !== 'received' && name !== 'rport');
  const hasPort = parameterOf(parameters, 'rport') !== null;
  const received = { name: 'received', value: address };
  return [...kept, received, ...(hasPort ? [{ name: 'rport', value: String(port) }] : [])];
}

const DEFAULT_PORT = 5060;
/** RFC 3261 section 21. */
const REASONS: ReadonlyMap<number, string> = new Map([
  [100, 'Trying'],
  [180, 'Ringing'],
  [200, 'OK'],
  [400, 'Bad Request'],
  [405, 'Method Not Allowed'],
  [406, 'Not Acceptable'],
  [415, 'Unsupported Media Type'],
  [416, 'Unsupported URI Scheme'],
  [420, 'Bad Extension'],
  [480, 'Temporarily Unavailable'],
  [481, 'Call/Transaction Does Not Exist'],
  [482, 'Loop Detected'],
  [486, 'Busy Here'],
  [487, 'Request Terminated'],
  [488, 'Not Acceptable Here'],
  [500, 'Server Internal Error'],
  [503, 'Service Unavailable'],
  [505, 'Version Not Supported'],
  [603, 'Decline'],
]);
