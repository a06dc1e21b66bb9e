import { createLink, type LinkComponent } from '@tanstack/react-router';
import type { ComponentProps, JSX, ReactNode } from 'react';
import styles from './icon-link.module.css';

interface IconAnchorProps extends Omit<ComponentProps<'a'>, 'className' | 'children' | 'title' | 'aria-label'> {
  /** Where it leads, in words: its name and its tooltip. */
  readonly label: string;
  readonly icon: ReactNode;
}

/** A link that is an icon alone; it is set off while one is where it leads. */
export const IconLink: LinkComponent<typeof IconAnchor> = createLink(IconAnchor);

function IconAnchor({ label, icon, href, ...rest }: IconAnchorProps): JSX.Element {
  return (
    <a {...rest} href={href} className={styles['link']} aria-label={label} title={label}>
      {icon}
    </a>
  );
}
