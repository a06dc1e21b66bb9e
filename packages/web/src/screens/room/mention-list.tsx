import type { MemberView } from '@sotto/keybox';
import { type JSX, type KeyboardEvent, useState } from 'react';
import { Avatar } from '../../kit/avatar.tsx';
import { useText } from '../../text/language.tsx';
import { composerText } from './composer-text.ts';
import { mentionAt } from './editing.ts';
import styles from './mention-list.module.css';
import { useRoomDesk } from './room-context.tsx';

interface Mentions {
  readonly isOpen: boolean;
  readonly found: readonly MemberView[];
  readonly at: number;
  /** Whether the key was for the list. */
  press(event: KeyboardEvent): boolean;
  choose(member: MemberView): void;
}

/** Whose name is being written after `@`: arrow keys walk, Enter and Tab take, Escape closes. */
export function useMentions(input: {
  readonly text: string;
  readonly caret: number;
  insert(from: number, to: number, piece: string): void;
}): Mentions {
  const { members, own } = useRoomDesk();
  const [at, setAt] = useState(0);
  const [closedAt, setClosedAt] = useState<number | null>(null);
  const begun = mentionAt(input.text, input.caret);
  const isWanted = begun !== null && closedAt !== begun.from;
  const found = isWanted
    ? [...members.values()].filter((member) => isMeant(member, begun.typed, own)).slice(0, MOST)
    : [];
  const isOpen = found.length > 0;
  const index = Math.min(at, found.length - 1);
  const choose = ({ address }: MemberView): void => {
    if (begun !== null) input.insert(begun.from, input.caret, `@${address} `);
    setAt(0);
  };
  return {
    isOpen,
    found,
    at: index,
    choose,
    press(event) {
      const member = found[index];
      if (!isOpen || member === undefined) return false;
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        setAt((index + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length);
      } else if (event.key === 'Enter' || event.key === 'Tab') choose(member);
      else if (event.key === 'Escape') setClosedAt(begun?.from ?? null);
      else return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
  };
}

/** The people that a beginning could mean, above the field. */
export function MentionList({
  id,
  mentions,
}: {
  readonly id: string;
  readonly mentions: Mentions;
}): JSX.Element | null {
  const words = useText(composerText);
  if (!mentions.isOpen) return null;
  return (
    <div id={id} className={styles['list']} role="listbox" aria-label={words.people}>
      {mentions.found.map((member, i) => (
        <div
          key={member.address}
          id={`${id}-${i}`}
          className={styles['person']}
          role="option"
          aria-selected={i === mentions.at}
          tabIndex={-1}
          // The field keeps the focus.
          onPointerDown={(event) => {
            event.preventDefault();
            mentions.choose(member);
          }}
        >
          <Avatar name={member.name ?? member.address} size="s" />
          <bdi>{member.name ?? member.address}</bdi>
          {member.name !== null && <bdi className={styles['address']}>{member.address}</bdi>}
        </div>
      ))}
    </div>
  );
}

function isMeant({ address, name }: MemberView, typed: string, own: string): boolean {
  const wanted = typed.toLocaleLowerCase();
  if (address === own || address === wanted) return false;
  return address.includes(wanted) || (name ?? '').toLocaleLowerCase().includes(wanted);
}

const MOST = 6;
