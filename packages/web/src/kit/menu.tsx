import type { JSX, ReactElement, ReactNode } from 'react';
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover, Separator } from 'react-aria-components';
import styles from './overlay.module.css';

export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly icon?: ReactNode;
  readonly tone?: 'danger';
  readonly isDisabled?: boolean;
  onAction(): void;
}

export interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  readonly label: string;
  /** What can be done; a line is drawn at each null. */
  readonly entries: readonly (MenuEntry | null)[];
}

/** What can be done with one thing, behind a button; arrow keys, first letters and Escape work. */
export function Menu({ trigger, label, entries }: MenuProps): JSX.Element {
  return (
    <MenuTrigger>
      {trigger}
      <Popover className={styles['overlay'] ?? ''} offset={4}>
        <AriaMenu className={styles['list'] ?? ''} aria-label={label}>
          {entries.map((entry, at) =>
            entry === null ? (
              <Separator key={`line-${entries[at - 1]?.id}`} className={styles['separator'] ?? ''} />
            ) : (
              <Entry key={entry.id} entry={entry} />
            ),
          )}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

function Entry({ entry }: { readonly entry: MenuEntry }): JSX.Element {
  const { id, label, icon, tone, isDisabled = false, onAction } = entry;
  return (
    <MenuItem
      id={id}
      textValue={label}
      className={styles['item'] ?? ''}
      data-tone={tone}
      isDisabled={isDisabled}
      onAction={onAction}
    >
      {icon}
      <span className={styles['words']}>{label}</span>
    </MenuItem>
  );
}
