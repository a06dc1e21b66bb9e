import type { Chain } from '@sotto/protocol';
import type { Conversation } from './conversation.ts';
import { isLive, type Party, type Phone } from './phone-state.ts';
import type { Post } from './post.ts';

/**
 * Devices in calls that are not their accounts' any more, the own one among them. A server that is away, or gives somebody's
 * keys no more, says nothing about that.
 */
export async function revokedParties(
  post: Post,
  {
    own,
    phone,
    conversations,
  }: {
    readonly own: Chain;
    readonly phone: Phone;
    readonly conversations: ReadonlyMap<string, Conversation>;
  },
): Promise<readonly Party[]> {
  const calls = [...phone.calls.values()].filter((call) => isLive(call));
  const revoked: Party[] = [];
  if (calls.length > 0 && !(await isActive(post, own, phone.own.device))) revoked.push(phone.own);
  for (const { token, peer: account, peerDevice: device } of calls) {
    const conversation = conversations.get(token);
    if (device === null || conversation === undefined) continue;
    if (!(await isActive(post, conversation.peer, device))) revoked.push({ account, device });
  }
  return revoked;
}

async function isActive(post: Post, chain: Chain, device: string): Promise<boolean> {
  return (await post.newest(chain)).devices.get(device)?.revokedAt === null;
}
