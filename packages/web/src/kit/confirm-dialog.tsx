import { type JSX, type ReactNode, useState } from 'react';
import { defineText, useText } from '../text/language.tsx';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { FaultNotice } from './fault-notice.tsx';
import { TextField } from './field.tsx';

export interface ConfirmDialogProps {
  /** The question. */
  readonly title: string;
  /** What follows from a yes: what is lost, and what is not. */
  readonly children: ReactNode;
  /** What the button does, in a verb. */
  readonly action: string;
  readonly isDangerous?: boolean;
  /** What has to be typed before the button works: for what cannot be undone. */
  readonly word?: string;
  readonly isOpen: boolean;
  readonly isPending?: boolean;
  readonly fault?: Error | null;
  onConfirm(): void;
  onClose(): void;
}

/** Asks before something that matters; closed by its answers alone. */
export function ConfirmDialog(props: ConfirmDialogProps): JSX.Element {
  return (
    <Dialog
      title={props.title}
      isOpen={props.isOpen}
      onClose={props.onClose}
      role={props.isPending === true ? 'alertdialog' : 'dialog'}
    >
      <Question {...props} />
    </Dialog>
  );
}

function Question(props: ConfirmDialogProps): JSX.Element {
  const { children, action, isDangerous = false, word, isPending = false, fault, onConfirm, onClose } = props;
  const words = useText(text);
  const [typed, setTyped] = useState('');
  const isReady = word === undefined || typed.trim() === word;
  return (
    <form
      style={{ display: 'contents' }}
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && !isPending) onConfirm();
      }}
    >
      {children}
      {word !== undefined && (
        <TextField label={words.type(word)} value={typed} onChange={setTyped} autoComplete="off" autoFocus />
      )}
      {fault != null && <FaultNotice fault={fault} />}
      <div style={{ display: 'flex', flexWrap: 'wrap', justifyContent: 'flex-end', gap: 'var(--space-2)' }}>
        <Button onPress={onClose} isDisabled={isPending}>
          {words.cancel}
        </Button>
        <Button type="submit" kind={isDangerous ? 'danger' : 'primary'} isDisabled={!isReady} isPending={isPending}>
          {action}
        </Button>
      </div>
    </form>
  );
}

const text = defineText({
  en: { cancel: 'Cancel', type: (word: string) => `Type “${word}” to go on` },
  de: { cancel: 'Abbrechen', type: (word: string) => `Zum Fortfahren „${word}“ eintippen` },
});
