import { X } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { defineText, useText } from '../text/language.tsx';
import { IconButton } from './button.tsx';
import styles from './dialog.module.css';

export interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  onClose(): void;
  /** What has to be answered is closed by its answers alone. */
  readonly role?: 'dialog' | 'alertdialog';
  readonly wide?: boolean;
  /** Buttons at the end, the most likely last. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** Asks for something, or shows something, before anything else goes on. */
export function Dialog({ title, isOpen, onClose, role = 'dialog', wide, actions, children }: DialogProps): JSX.Element {
  const words = useText(text);
  return (
    <ModalOverlay
      className={styles['overlay'] ?? ''}
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={role === 'dialog'}
    >
      <Modal className={styles['modal'] ?? ''} data-wide={wide || undefined}>
        <AriaDialog className={styles['dialog'] ?? ''} role={role}>
          <header className={styles['header']}>
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            {role === 'dialog' && <IconButton label={words.close} icon={<X />} onPress={onClose} />}
          </header>
          <div className={styles['body']}>{children}</div>
          {actions !== undefined && <footer className={styles['actions']}>{actions}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

const text = defineText({ en: { close: 'Close' }, de: { close: 'Schließen' } });
