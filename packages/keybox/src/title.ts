import { Fault, parseUtf8, utf8 } from '@sotto/bytes';
import { type CommittingBinding, openCommitting, type Secret, sealCommitting } from '@sotto/crypto';
import { type Body, type RosterStatement, resourceKey } from '@sotto/protocol';
import type { Session } from './session.ts';

/** Seals a room's name for a newcomer under the resource key of the era that they enter; null for a room without one. */
export async function sealTitle(
  { primitives }: Session,
  secret: Secret | null,
  { room, era, name }: { readonly room: Uint8Array; readonly era: number; readonly name: string | null },
): Promise<Uint8Array | null> {
  if (secret === null || name === null) return null;
  using key = resourceKey(secret);
  return sealCommitting(primitives, key, titleBinding(room, era), utf8(name));
}

/** Throws `open-failed` or `text-malformed`. */
async function openTitle(
  { primitives }: Session,
  secret: Secret,
  { room, era, title }: { readonly room: Uint8Array; readonly era: number; readonly title: Uint8Array },
): Promise<string> {
  using key = resourceKey(secret);
  return parseUtf8(await openCommitting(primitives, key, titleBinding(room, era), title));
}

/** The name that an add carries, as the record that would say it; null if it has none or does not open to `secret`. */
export async function openRoomName(
  session: Session,
  {
    secret,
    room,
    era,
    statement,
  }: {
    readonly secret: Secret | null;
    readonly room: Uint8Array;
    readonly era: number;
    readonly statement: RosterStatement & { readonly type: 'member.add' };
  },
): Promise<Body | null> {
  const { title } = statement.body;
  if (secret === null || title === null) return null;
  try {
    const name = await openTitle(session, secret, { room, era, title });
    return { id: room.slice(0, 16), at: statement.at, kind: 'room', content: { name, topic: '' } };
  } catch (cause) {
    if (cause instanceof Fault && cause.blame !== 'bug') return null;
    throw cause;
  }
}

function titleBinding(room: Uint8Array, era: number): CommittingBinding {
  return { label: 'sotto/room/title/v1', context: { room, era } };
}
