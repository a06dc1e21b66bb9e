import type { MessageView } from '@sotto/keybox';
import { Copy, KeyRound, RotateCw } from 'lucide-react';
import { type JSX, useState } from 'react';
import { useDo } from '../../app/queries.ts';
import { Button } from '../../kit/button.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { useCodeWords } from '../../text/code-words.ts';
import { useLanguage, useText } from '../../text/language.tsx';
import { useRoomDesk } from './room-context.tsx';
import { text } from './text.ts';
import styles from './undecryptable.module.css';

/** A record that did not open: why, that nothing is lost, and what can be done about it. */
export function Undecryptable({ message }: { readonly message: MessageView }): JSX.Element {
  const words = useText(text).undecryptable;
  const { locale } = useLanguage();
  const codeWords = useCodeWords();
  const { timeline } = useRoomDesk();
  const [wasInVain, setInVain] = useState(false);
  const retry = useDo(async ({ box }, _: undefined) => {
    await box.retryMessage(message.room, message.id);
    await timeline.refresh();
  });
  const ask = useDo(async ({ box }, _: undefined) => {
    const eras = await box.keyRequests.ask(message.room);
    setInVain(eras.length === 0);
    await timeline.refresh();
  });
  const code = message.code ?? 'unknown';
  const [what, safe, advice] = codeWords[code]?.[locale === 'de' ? 'de' : 'en'] ?? [words.title, '', ''];
  const mayAsk = message.remedies.includes('request-keys');
  const known: Readonly<Record<string, string>> = {
    'key-missing': mayAsk ? words.safe : words.asked,
    'body-withheld': words.withheld,
  };
  return (
    <div className={styles['box']}>
      <strong>{words.title}</strong>
      {what !== words.title && <p>{what}</p>}
      <p>{wasInVain && mayAsk ? words.notAsked : (known[code] ?? `${safe} ${advice}`)}</p>
      <div className={styles['actions']}>
        {message.remedies.includes('retry') && (
          <Button icon={<RotateCw />} onPress={() => retry.mutate(undefined)} isPending={retry.isPending}>
            {words.retry}
          </Button>
        )}
        {mayAsk && (
          <Button icon={<KeyRound />} onPress={() => ask.mutate(undefined)} isPending={ask.isPending}>
            {words.ask}
          </Button>
        )}
        <Button kind="quiet" icon={<Copy />} onPress={() => void navigator.clipboard.writeText(code)}>
          {words.code} {code}
        </Button>
      </div>
      {(retry.error ?? ask.error) !== null && <FaultNotice fault={(retry.error ?? ask.error) as Error} />}
    </div>
  );
}
