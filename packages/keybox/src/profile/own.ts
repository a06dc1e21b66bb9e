import { decodeCbor, encodeCbor } from '@sotto/bytes';
import type { BodyContent } from '@sotto/protocol';
import { readNewest, writeNewest } from '../meta.ts';
import type { Part, SqlStatement } from '../ports.ts';

/** What the account says of itself, with the key under which it is sealed; the higher version counts. */
export type OwnProfile = BodyContent<'own-profile'>;

export async function readOwn(contacts: Part): Promise<OwnProfile | null> {
  const value = await readNewest(contacts, NAME);
  return value === null ? null : (decodeCbor(value) as unknown as OwnProfile);
}

export function writeOwn({ version, key, content }: OwnProfile): SqlStatement {
  const { name, title, phone, picture } = content;
  return writeNewest(NAME, version, encodeCbor({ version, key, content: { name, title, phone, picture } }));
}

const NAME = 'own-profile';
