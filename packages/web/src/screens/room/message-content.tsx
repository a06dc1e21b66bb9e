import type { MessageView } from '@sotto/keybox';
import { Ban, Forward } from 'lucide-react';
import { type JSX, useState } from 'react';
import { useLanguage, useText } from '../../text/language.tsx';
import { FileMessage } from '../files/file-message.tsx';
import { MessageBody } from './message-body.tsx';
import styles from './message-content.module.css';
import { Quote } from './quote.tsx';
import { useRoomDesk } from './room-context.tsx';
import { text } from './text.ts';
import { Undecryptable } from './undecryptable.tsx';

/** What a message says: its text, its file, or why there is neither. */
export function MessageContent({ message }: { readonly message: MessageView }): JSX.Element {
  const words = useText(text);
  const { own } = useRoomDesk();
  if (message.state === 'undecryptable') return <Undecryptable message={message} />;
  if (message.state === 'deleted') {
    return (
      <span className={styles['deleted']}>
        <Ban aria-hidden="true" />
        {words.deleted}
      </span>
    );
  }
  return (
    <>
      {message.forwarded && (
        <span className={styles['forwarded']}>
          <Forward aria-hidden="true" />
          {words.forwarded}
        </span>
      )}
      {message.replyTo !== null && <Quote quote={message.replyTo} />}
      <FileMessage message={message} />
      {message.text !== '' && <Foldable text={message.text} mentions={message.mentions} own={own} />}
    </>
  );
}

/** A huge paste is shown as far as one reads in passing, and whole on demand. */
function Foldable(props: {
  readonly text: string;
  readonly mentions: readonly string[];
  readonly own: string;
}): JSX.Element {
  const words = useText(text);
  const { format } = useLanguage();
  const [isOpen, setOpen] = useState(false);
  const short = beginning(props.text);
  if (short === props.text) return <MessageBody {...props} />;
  return (
    <>
      <MessageBody {...props} text={isOpen ? props.text : `${short} …`} />
      <button type="button" className={styles['fold']} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? words.fold : words.showAll(props.text.length.toLocaleString(format))}
      </button>
    </>
  );
}

function beginning(whole: string): string {
  const lines = whole
    .split('\n', LINES + 1)
    .slice(0, LINES)
    .join('\n');
  if (lines.length === whole.length && whole.length <= CHARACTERS) return whole;
  return lines.length <= CHARACTERS ? lines : lines.slice(0, CHARACTERS).replace(/[\ud800-\udbff]$/, '');
}

const LINES = 30;
const CHARACTERS = 2_400;
