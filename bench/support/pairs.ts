import { join } from 'node:path';
import { befriendClients, Client } from '../../test/support/client.ts';
import type { HomeServer } from '../../test/support/home-server.ts';

/** Two people with a room. */
export interface Pair {
  readonly writer: Client;
  readonly reader: Client;
  readonly room: string;
}

/** Signs people up two by two, each pair with a room of its own. */
export async function makePairs(
  server: HomeServer,
  { folder, count }: { readonly folder: string; readonly count: number },
): Promise<readonly Pair[]> {
  await using owner = new Client({ folder: join(folder, 'owner'), name: 'owner' });
  await owner.signUp(server.invitation);
  const invitations = [...(await owner.box.createInvitations(2 * count))];
  const pairs: Pair[] = [];
  for (let i = 0; i < count; i++) {
    const writer = new Client({ folder: join(folder, `writer${i}`), name: `writer${i}` });
    const reader = new Client({ folder: join(folder, `reader${i}`), name: `reader${i}` });
    await Promise.all([writer.signUp(invitations.pop() as string), reader.signUp(invitations.pop() as string)]);
    await befriendClients(writer, reader);
    const { id } = await writer.box.createRoom({ name: 'pair', type: 'chat', history: 'all', keying: 'era' });
    await writer.box.addMember(id, reader.address, 'member');
    pairs.push({ writer, reader, room: id });
  }
  return pairs;
}
