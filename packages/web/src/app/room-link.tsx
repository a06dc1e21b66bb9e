import { Link } from '@tanstack/react-router';
import type { JSX, ReactNode } from 'react';

export interface RoomLinkProps {
  readonly room: string;
  /** Id of the message to be shown; by default where one was. */
  readonly at?: string;
  readonly className: string | undefined;
  /** Its name, if that is not what stands in it. */
  readonly label?: string;
  readonly children: ReactNode;
}

/** Leads into a room, to one message of it. */
export function RoomLink({ room, at, className, label, children }: RoomLinkProps): JSX.Element {
  return (
    <Link
      to="/rooms/$room"
      params={{ room }}
      search={at === undefined ? {} : { message: at }}
      className={className ?? ''}
      aria-label={label}
      data-hit
    >
      {children}
    </Link>
  );
}
