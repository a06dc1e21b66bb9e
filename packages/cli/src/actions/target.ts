import type { KeyBox, RoomView } from '@sotto/keybox';
import type { Address } from '@sotto/protocol';

/** The room that a word names, or the direct room with an address. */
export async function targetOf(box: KeyBox, word: string): Promise<RoomView> {
  const address = await addressIn(word);
  return address === null ? box.findRoom(word) : box.directRoom(address);
}

/** Null for a word that can only be a room. */
export async function addressIn(word: string): Promise<Address | null> {
  if (!word.includes('@')) return null;
  const { addressOf, isAddressWord } = await import('./words.ts');
  return isAddressWord(word) ? addressOf(word) : null;
}
