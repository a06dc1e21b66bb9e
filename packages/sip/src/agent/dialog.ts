import type { Message } from '../syntax/message.ts';
import type { NameAddress } from '../syntax/name-address.ts';
import { isSipUri, type SipUri, type Uri } from '../syntax/uri.ts';
import type { Hop } from './event.ts';
import { tagOf } from './response.ts';

/** What two ends have in common once one has answered the other (RFC 3261 section 12). */
export interface Dialog {
  readonly callId: string;
  /** With our tag. */
  readonly local: NameAddress;
  /** With the tag of the other end, if it has one. */
  readonly remote: NameAddress;
  /** What the other end wants to be asked by. */
  readonly target: Uri;
  readonly routes: readonly NameAddress[];
  /** Where it is reached: where its messages come from, whatever they say. */
  readonly hop: Hop;
  /** Of our last request. */
  readonly localSequence: number;
  /** Of its last request; null before the first. */
  readonly remoteSequence: number | null;
}

/** Of a success to an INVITE of ours. */
export function dialogOfResponse(response: Message, invited: SipUri, hop: Hop): Dialog {
  return {
    callId: response.callId,
    local: response.from,
    remote: response.to,
    target: targetOf(response) ?? invited,
    routes: response.recordRoutes.toReversed(),
    hop,
    localSequence: response.cseq.number,
    remoteSequence: null,
  };
}

/** Of an INVITE that came; `tag` is ours. */
export function dialogOfRequest(request: Message, tag: string, hop: Hop): Dialog {
  return {
    callId: request.callId,
    local: { ...request.to, parameters: [...request.to.parameters, { name: 'tag', value: tag }] },
    remote: request.from,
    target: targetOf(request) ?? request.from.uri,
    routes: request.recordRoutes,
    hop,
    localSequence: 0,
    remoteSequence: request.cseq.number,
  };
}

/** Whether a request of the other end belongs to the dialog. */
export function isWithin(request: Message, { callId, local, remote }: Dialog): boolean {
  const isOurs = tagOf(request.to) === tagOf(local) && tagOf(request.from) === tagOf(remote);
  return request.callId === callId && isOurs;
}

function targetOf({ contacts: [contact] }: Message): Uri | null {
  return contact !== undefined && isSipUri(contact.uri) && contact.uri.headers === null ? contact.uri : null;
}
