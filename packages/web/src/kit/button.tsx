import type { ComponentProps, JSX, ReactNode } from 'react';
import { Button as AriaButton, Tooltip, TooltipTrigger } from 'react-aria-components';
import styles from './button.module.css';
import { Spinner } from './spinner.tsx';

type Kind = 'primary' | 'secondary' | 'quiet' | 'danger';

export interface ButtonProps extends Omit<ComponentProps<typeof AriaButton>, 'className' | 'children' | 'style'> {
  readonly kind?: Kind;
  readonly icon?: ReactNode;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** A button with words on it; while what it does is pending it keeps the focus and does nothing more. */
export function Button({ kind = 'secondary', icon, wide = false, children, ...props }: ButtonProps): JSX.Element {
  const { isPending = false, type = 'button', onPress, ...rest } = props;
  const acts = isPending ? { type: 'button' as const } : { type, ...(onPress === undefined ? {} : { onPress }) };
  return (
    <AriaButton
      {...rest}
      {...acts}
      className={styles['button'] ?? ''}
      data-kind={kind}
      data-wide={wide || undefined}
      // The library's own way announces a progress bar that is gone as soon as the screen goes on.
      data-pending={isPending || undefined}
      aria-disabled={isPending}
    >
      {isPending ? <Spinner /> : icon}
      <span>{children}</span>
    </AriaButton>
  );
}

export interface IconButtonProps extends Omit<ComponentProps<typeof AriaButton>, 'className' | 'children' | 'style'> {
  /** What it does, in words: its name and its tooltip. */
  readonly label: string;
  readonly icon: ReactNode;
  readonly kind?: 'quiet' | 'primary';
}

/** A button that is an icon alone. */
export function IconButton({ label, icon, kind = 'quiet', ...rest }: IconButtonProps): JSX.Element {
  return (
    <TooltipTrigger delay={500}>
      <AriaButton {...rest} aria-label={label} className={styles['icon'] ?? ''} data-kind={kind}>
        {icon}
      </AriaButton>
      <Tooltip className={styles['tooltip'] ?? ''} offset={6}>
        {label}
      </Tooltip>
    </TooltipTrigger>
  );
}
