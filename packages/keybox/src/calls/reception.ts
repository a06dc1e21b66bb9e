import { equal, hex } from '@sotto/bytes';
import { type Chain, type ChainDevice, callToken } from '@sotto/protocol';
import { KeyboxPeerFault } from '../fault.ts';
import type { Session } from '../session.ts';
import { isOver } from './book.ts';
import { Conversation } from './conversation.ts';
import type { Phone } from './phone-state.ts';
import type { Letter, Post } from './post.ts';

/** What a device knows of its calls while something comes. */
export interface Desk {
  readonly phone: Phone;
  readonly conversations: Map<string, Conversation>;
}

/**
 * Does everything that is asynchronous before the phone hears of a message: checks an offer and keeps what it says, takes
 * the secret out of an answer that is awaited. Throws `call-stranger`, `call-dialog`, `call-replayed`, `call-transcript`.
 */
export async function receive(
  { session, post }: { readonly session: Session; readonly post: Post },
  { phone, conversations }: Desk,
  letter: Letter,
): Promise<void> {
  const { signal, encoded, from } = letter;
  const isOwn = from.account === phone.own.account;
  if (isOwn || (signal.kind !== 'offer' && signal.kind !== 'answer')) return;
  const token = hex(signal.call);
  const { chain, device } = await endorsed(post, letter);
  if (signal.kind === 'offer') {
    checkDialog(session, letter);
    if (phone.calls.has(token) || phone.voided.has(token)) return;
    if (await isOver(session.keys, signal.call)) {
      throw new KeyboxPeerFault('call-replayed', 'an offer of a call that is over');
    }
    conversations.set(token, Conversation.of(chain, { signal, encoded, deviceName: device.name }));
    return;
  }
  const call = phone.calls.get(token);
  if (call?.phase !== 'calling' || call.peer !== from.account) return;
  await conversations.get(token)?.take(session, { content: signal.content, encoded, deviceName: device.name });
}

/** Whoever begins to speak is looked up once more: the device may have been revoked today. */
async function endorsed(
  post: Post,
  { chain, from }: Letter,
): Promise<{ readonly chain: Chain; readonly device: ChainDevice }> {
  const newest = await post.newest(chain);
  const device = newest.devices.get(from.device);
  if (device === undefined || device.revokedAt !== null) {
    throw new KeyboxPeerFault('call-stranger', 'a signal of a device that was revoked');
  }
  return { chain: newest, device };
}

function checkDialog({ identity }: Session, { signal, from }: Letter): void {
  if (signal.kind !== 'offer') return;
  const { content, call, at } = signal;
  const isTheirs = hex(content.caller.account) === from.account && hex(content.caller.device) === from.device;
  if (!isTheirs || !equal(callToken(content, at), call) || !equal(content.callee, identity.fingerprint)) {
    throw new KeyboxPeerFault('call-dialog', 'an offer for another dialog');
  }
}
