import type { MessageView } from '@sotto/keybox';
import { useEffect } from 'react';
import { defineText, useText } from '../text/language.tsx';
import { usePreferences } from './preferences.ts';
import { useOpenVault, useVaults } from './vaults.tsx';

/** Tells of what came while nobody looks, if the person has asked for that; what it says only if that was asked for, too. */
export function Notifier(): null {
  const words = useText(text);
  const vaults = useVaults();
  const { address } = useOpenVault();
  const { notifications, previews } = usePreferences();
  useEffect(() => {
    if (!notifications || Notification.permission !== 'granted') return;
    const notify = ({ id, author, text: said }: MessageView): void => {
      const body = previews ? `${author}: ${said.slice(0, MOST_CHARACTERS)}` : words.came;
      // Each tab tells the same; the tag makes one of them.
      new Notification('Sotto', { body, tag: previews ? id : 'sotto' });
    };
    return watch(vaults, (message) => {
      if (document.hidden && message.author !== address && message.state === 'received') notify(message);
    });
  }, [vaults, address, notifications, previews, words]);
  return null;
}

/** Gives every message that comes from now on; gives what ends that. */
function watch({ box, subscribe }: ReturnType<typeof useVaults>, tell: (message: MessageView) => void): () => void {
  let turn = box.changes(-1).then(({ cursor }) => cursor);
  const read = async (after: number): Promise<number> => {
    const { messages, cursor } = await box.changes(after);
    messages.forEach(tell);
    return cursor;
  };
  return subscribe((event) => {
    // After a fault, such as a vault that was locked meanwhile, the next change begins anew.
    if (event.kind === 'changed') turn = turn.then(read, () => box.changes(-1).then(({ cursor }) => cursor));
  });
}

const text = defineText({ en: { came: 'A new message' }, de: { came: 'Eine neue Nachricht' } });

const MOST_CHARACTERS = 140;
