import type { MessageView } from '@sotto/keybox';
import type { JSX } from 'react';
import { useText } from '../../text/language.tsx';
import styles from './reactions.module.css';
import { nameOf, useRoomDesk } from './room-context.tsx';
import { text } from './text.ts';

/** What people answered with one sign. */
export function Reactions({ message }: { readonly message: MessageView }): JSX.Element {
  const words = useText(text);
  const desk = useRoomDesk();
  const groups = Map.groupBy(message.reactions, (reaction) => reaction.text);
  return (
    <ul className={styles['reactions']}>
      {[...groups].map(([emoji, reactions]) => {
        const isOwn = reactions.some(({ author }) => author === desk.own);
        const who = reactions.map(({ author }) => (author === desk.own ? words.you : nameOf(desk, author))).join(', ');
        const label = isOwn ? words.reactionOwn(emoji, who) : words.reaction(emoji, who);
        return (
          <li key={emoji}>
            <button
              type="button"
              className={styles['reaction']}
              data-own={isOwn || undefined}
              aria-label={label}
              aria-pressed={isOwn}
              aria-disabled={!desk.canWrite}
              title={who}
              onClick={() => desk.canWrite && desk.react(message, emoji)}
            >
              <bdi>{emoji}</bdi>
              <span>{reactions.length}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
