import type { JSX } from 'react';
import { Button } from '../../kit/button.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { Notice } from '../../kit/notice.tsx';
import { useText } from '../../text/language.tsx';
import { extensionOf, nameWarning } from './file-kind.ts';
import { FileName } from './file-name.tsx';
import { text } from './risky-text.ts';

/** Asks before something is saved that could do harm when it is opened. */
export function RiskyDownload({
  name,
  onAnswer,
}: {
  readonly name: string;
  onAnswer(isWanted: boolean): void;
}): JSX.Element {
  const words = useText(text);
  const warning = nameWarning(name) ?? 'program';
  return (
    <Dialog
      title={words.title[warning]}
      isOpen
      onClose={() => onAnswer(false)}
      actions={
        <>
          <Button kind="danger" onPress={() => onAnswer(true)}>
            {words.save}
          </Button>
          <Button kind="primary" onPress={() => onAnswer(false)}>
            {words.leave}
          </Button>
        </>
      }
    >
      <p>
        <FileName name={name} />
      </p>
      <Notice tone="warning" title={words.what[warning](extensionOf(name))}>
        <p>{words.advice}</p>
      </Notice>
    </Dialog>
  );
}
