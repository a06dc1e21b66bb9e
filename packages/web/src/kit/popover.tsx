import { CircleQuestionMark } from 'lucide-react';
import type { JSX, ReactElement, ReactNode } from 'react';
import { Popover as AriaPopover, Dialog, DialogTrigger } from 'react-aria-components';
import { IconButton } from './button.tsx';
import styles from './overlay.module.css';

interface PopoverProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  readonly label: string;
  readonly children: ReactNode;
}

/** Something small beside what it belongs to. */
export function Popover({ trigger, label, children }: PopoverProps): JSX.Element {
  return (
    <DialogTrigger>
      {trigger}
      <AriaPopover className={styles['overlay'] ?? ''} offset={4}>
        <Dialog className={styles['popover'] ?? ''} aria-label={label}>
          {children}
        </Dialog>
      </AriaPopover>
    </DialogTrigger>
  );
}

/** What a thing means, for whoever asks. */
export function Explain({ label, children }: { readonly label: string; readonly children: ReactNode }): JSX.Element {
  return (
    <Popover label={label} trigger={<IconButton label={label} icon={<CircleQuestionMark />} />}>
      {children}
    </Popover>
  );
}
