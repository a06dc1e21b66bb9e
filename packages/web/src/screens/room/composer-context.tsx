import { Pencil, Reply, X } from 'lucide-react';
import type { JSX } from 'react';
import { IconButton } from '../../kit/button.tsx';
import { useText } from '../../text/language.tsx';
import styles from './composer.module.css';
import type { Writing } from './composer.tsx';
import { composerText } from './composer-text.ts';
import { nameOf, useRoomDesk } from './room-context.tsx';

/** Says what is answered or edited, above the field. */
export function ComposerContext({
  writing,
  onCancel,
}: {
  readonly writing: Exclude<Writing, { readonly kind: 'new' }>;
  onCancel(): void;
}): JSX.Element {
  const words = useText(composerText);
  const desk = useRoomDesk();
  const { message, kind } = writing;
  const said = message.file?.name ?? message.text;
  return (
    <div className={styles['context']}>
      {kind === 'reply' ? <Reply aria-hidden="true" /> : <Pencil aria-hidden="true" />}
      <div className={styles['contextWords']}>
        <strong>{kind === 'reply' ? words.replyTo(nameOf(desk, message.author)) : words.editing}</strong>
        <bdi>{said.slice(0, SHOWN)}</bdi>
      </div>
      <IconButton label={words.cancel} icon={<X />} onPress={onCancel} />
    </div>
  );
}

const SHOWN = 200;
