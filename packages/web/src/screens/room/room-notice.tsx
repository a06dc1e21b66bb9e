import { Lock, LogOut, type LucideIcon, RefreshCw, ScrollText, UserCog, UserMinus, UserPlus } from 'lucide-react';
import type { JSX } from 'react';
import { useLanguage, useText } from '../../text/language.tsx';
import { noticeText } from './notice-text.ts';
import { useRoomDesk } from './room-context.tsx';
import type { ChangeRow } from './rows.ts';
import styles from './separators.module.css';

/** What was changed in the room, where it happened: who came and went, fresh keys. */
export function RoomNotice({ row: { change, who } }: { readonly row: ChangeRow }): JSX.Element {
  const { own } = useRoomDesk();
  const words = useText(noticeText);
  const { kind, by, role, era } = change;
  const Icon = ICONS[kind];
  const { format } = useLanguage();
  const names = new Intl.ListFormat(format).format(who.map((address) => (address === own ? words.you : address)));
  return (
    <p className={styles['notice']}>
      <Icon aria-hidden="true" />
      <bdi>
        {by === own
          ? words.own[kind](names, role === null ? '' : words.roles[role])
          : words.others[kind](by, names, role === null ? '' : words.roles[role])}
        {era !== null && ` ${words.era(String(era))}`}
      </bdi>
    </p>
  );
}

const ICONS: Readonly<Record<ChangeRow['change']['kind'], LucideIcon>> = {
  added: UserPlus,
  removed: UserMinus,
  left: LogOut,
  role: UserCog,
  policy: ScrollText,
  era: RefreshCw,
  closed: Lock,
};
