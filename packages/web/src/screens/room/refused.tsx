import type { MessageView } from '@sotto/keybox';
import { RotateCw, Trash2 } from 'lucide-react';
import type { JSX } from 'react';
import { Button } from '../../kit/button.tsx';
import { useCodeWords } from '../../text/code-words.ts';
import { useLanguage, useText } from '../../text/language.tsx';
import styles from './refused.module.css';
import { useRoomDesk } from './room-context.tsx';
import { text } from './text.ts';

/** A message that was not taken: why, whether it is kept, Retry and Discard. */
export function Refused({ message, code }: { readonly message: MessageView; readonly code: string }): JSX.Element {
  const words = useText(text);
  const { locale } = useLanguage();
  const codeWords = useCodeWords();
  const { resend, discard } = useRoomDesk();
  // What the vault did not take has no device yet.
  const isKept = message.device !== '';
  const [what, , advice] = codeWords[code]?.[locale === 'de' ? 'de' : 'en'] ?? [words.refused.title, '', ''];
  return (
    <div className={styles['refused']} role="alert">
      <strong>{what}</strong>
      <span>
        {isKept ? words.refused.safe : words.refused.unkept} {advice}
      </span>
      <div className={styles['actions']}>
        <code>{code}</code>
        <Button icon={<RotateCw />} onPress={() => resend(message)}>
          {words.actions.retry}
        </Button>
        <Button kind="quiet" icon={<Trash2 />} onPress={() => discard(message)}>
          {words.actions.discard}
        </Button>
      </div>
    </div>
  );
}
