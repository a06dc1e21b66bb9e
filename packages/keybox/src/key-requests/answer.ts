import { equal, Fault, hex } from '@sotto/bytes';
import { activeDevice, currentUserKey, ProtocolPeerFault, ProtocolPolicyFault, sealEntry } from '@sotto/protocol';
import { logKey } from '../key-log.ts';
import { enqueue } from '../outbox.ts';
import { checkRecipients } from '../policy/in-force.ts';
import type { RoomReader } from '../room-batch.ts';
import type { KeptRoom } from '../room-store.ts';
import { mayHaveEra } from './right.ts';
import { type KeyRequest, setRequestState } from './store.ts';

/**
 * Gives an era's key to the account that asked: sealed to its newest user key, if the device that asked is active in its
 * newest chain, the account is a member and the key its to have. Throws `not-a-member`, `device-unendorsed`,
 * `account-suspended`, `unverified`, `role-insufficient`, `room-frozen` if the key is not here either, `head-too-old`.
 */
export async function answerRequest(reader: RoomReader, room: KeptRoom, request: KeyRequest): Promise<void> {
  const { session, chains, eraKeys } = reader;
  const { author, device, era, id } = request;
  const { judged } = room;
  const address = judged.people[hex(author)];
  if (address === undefined || judged.members[hex(author)] === undefined) {
    throw new ProtocolPolicyFault('not-a-member', 'who asked is no member any more');
  }
  if (!equal(author, session.identity.fingerprint)) await checkRecipients(session, [{ fingerprint: author, address }]);
  // Not the chain as it was when they asked: a device that was revoked since gets nothing.
  await chains.refresh(author, address);
  const chain = await chains.fresh(author, address);
  const asking = activeDevice(chain, device, chain.hashes.length);
  if (asking === null || asking.kind !== 'keybox') {
    throw new ProtocolPeerFault('device-unendorsed', 'asked by a device that is not active');
  }
  if (!mayHaveEra(judged, author, era)) {
    throw new ProtocolPolicyFault('role-insufficient', 'the key is not theirs to have');
  }
  const secret = await eraKeys.secret(judged.id, era);
  if (secret === null) throw new ProtocolPolicyFault('room-frozen', 'the key is not here either');
  const binding = {
    purpose: 'sotto/seal/key-answer/v1',
    room: judged.id,
    era,
    sender: session.identity.fingerprint,
  } as const;
  const sealed = await sealEntry(session.suites, chain, { binding, secret });
  const content = { request: id, generation: currentUserKey(chain).generation, keys: [{ era, sealed }] };
  const key = `key-answer/${hex(id)}/${era}`;
  await enqueue(reader, judged.id, { kind: 'key-answer', content, class: 'quiet', key });
  await session.keys.apply([
    setRequestState(request, 'answered'),
    logKey(session.clock, { event: 'key-request/given', room: hex(judged.id), era, who: address }),
  ]);
}

/** Whether a request came from another device of this account: it is answered without asking anybody. */
export function isFromOwnDevice({ session: { identity } }: RoomReader, { author, device }: KeyRequest): boolean {
  return equal(author, identity.fingerprint) && !equal(device, identity.deviceId);
}

/** What refuses an answer for good; anything else may pass. */
export function isFinal(cause: unknown): cause is Fault {
  return cause instanceof Fault && ['not-a-member', 'device-unendorsed', 'role-insufficient'].includes(cause.code);
}
