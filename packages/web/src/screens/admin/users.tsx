import type { AdminUser } from '@sotto/protocol';
import { Ellipsis } from 'lucide-react';
import { type JSX, useMemo, useState } from 'react';
import { useAsked } from '../../app/asked.ts';
import { Address } from '../../kit/address.tsx';
import { Badge } from '../../kit/badge.tsx';
import { IconButton } from '../../kit/button.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { TextField } from '../../kit/field.tsx';
import { Menu, type MenuEntry } from '../../kit/menu.tsx';
import { Page } from '../../kit/page.tsx';
import { Select } from '../../kit/select.tsx';
import { type Column, Table } from '../../kit/table.tsx';
import { useText } from '../../text/language.tsx';
import styles from './admin.module.css';
import { text as common } from './text.ts';
import { UserDialog } from './user-dialog.tsx';
import { UserEnd, UserResume, UserSuspend } from './user-questions.tsx';
import { text } from './users-text.ts';

type Question = 'show' | 'suspend' | 'resume' | 'delete';

/** Everybody who has an account here. */
export function Users(): JSX.Element {
  const words = useText(text);
  const users = useAsked('admin.users', ({ box }) => box.admin.users());
  const [wanted, setWanted] = useState('');
  const [state, setState] = useState<AdminUser['state'] | 'all'>('all');
  const [asked, setAsked] = useState<{ readonly question: Question; readonly user: AdminUser } | null>(null);
  const shown = useMemo(
    () =>
      users.filter(
        (user) => (state === 'all' || user.state === state) && user.address.includes(wanted.trim().toLowerCase()),
      ),
    [users, wanted, state],
  );
  const close = (): void => setAsked(null);
  const about = (question: Question): AdminUser | null => (asked?.question === question ? asked.user : null);
  return (
    <Page title={words.title} lead={words.count(users.length)} back="/admin/{-$part}" wide>
      <div className={styles['filters']}>
        <TextField label={words.find} value={wanted} onChange={setWanted} type="search" />
        <Select
          label={words.state}
          value={state}
          options={STATES.map((value) => ({ value, label: words.states[value] }))}
          onChange={setState}
        />
      </div>
      {shown.length === 0 ? (
        <EmptyState title={words.none} />
      ) : (
        <UserTable users={shown} onAsk={(question, user) => setAsked({ question, user })} />
      )}
      <UserDialog user={about('show')} onClose={close} />
      <UserSuspend user={about('suspend')} onClose={close} />
      <UserResume user={about('resume')} onClose={close} />
      <UserEnd user={about('delete')} onClose={close} />
    </Page>
  );
}

function UserTable({
  users,
  onAsk,
}: {
  readonly users: readonly AdminUser[];
  readonly onAsk: (question: Question, user: AdminUser) => void;
}): JSX.Element {
  const words = useText(text);
  const { roles } = useText(common);
  const columns: readonly Column<AdminUser>[] = [
    {
      key: 'address',
      label: words.address,
      isHead: true,
      cell: ({ address }) => <Address value={address} />,
      by: ({ address }) => address,
    },
    { key: 'role', label: words.role, cell: ({ role }) => roles[role], by: ({ role }) => role },
    {
      key: 'state',
      label: words.state,
      cell: ({ state }) => <Badge tone={TONES[state]}>{words.states[state]}</Badge>,
      by: (user) => user.state,
    },
    {
      key: 'devices',
      label: words.devices,
      isNumber: true,
      cell: ({ devices }) => devices,
      by: ({ devices }) => devices,
    },
    {
      key: 'actions',
      label: words.actions,
      isActions: true,
      cell: (user) => (
        <Menu
          label={words.actionsFor(user.address)}
          trigger={<IconButton label={words.actionsFor(user.address)} icon={<Ellipsis />} />}
          entries={entriesFor(user, words, (question) => onAsk(question, user))}
        />
      ),
    },
  ];
  return (
    <Table
      label={words.title}
      columns={columns}
      rows={users}
      keyOf={({ address }) => address}
      sort={{ column: 'address', isDown: false }}
    />
  );
}

function entriesFor(
  { state }: AdminUser,
  words: (typeof text)['en'],
  ask: (question: Question) => void,
): readonly (MenuEntry | null)[] {
  const entry = (id: Question): MenuEntry => ({ id, label: words.questions[id], onAction: () => ask(id) });
  return [
    entry('show'),
    ...(state === 'active' ? [entry('suspend')] : []),
    ...(state === 'suspended' ? [entry('resume')] : []),
    ...(state === 'deleted' ? [] : [null, { ...entry('delete'), tone: 'danger' as const }]),
  ];
}

const STATES = ['all', 'active', 'suspended', 'incomplete', 'deleted'] as const;
const TONES = { active: 'good', suspended: 'warning', incomplete: 'plain', deleted: 'danger' } as const;
