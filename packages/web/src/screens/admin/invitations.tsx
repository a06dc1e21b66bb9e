import type { AccountRole, AdminInvitation } from '@sotto/protocol';
import { type JSX, useState } from 'react';
import { useAct, useAsked } from '../../app/asked.ts';
import { useRole } from '../../app/role.ts';
import { Address } from '../../kit/address.tsx';
import { Badge } from '../../kit/badge.tsx';
import { Button } from '../../kit/button.tsx';
import { Copyable } from '../../kit/copyable.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { TextField } from '../../kit/field.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { Select } from '../../kit/select.tsx';
import { type Column, Table } from '../../kit/table.tsx';
import { Time } from '../../kit/time.tsx';
import { useText } from '../../text/language.tsx';
import styles from './admin.module.css';
import { text } from './invitations-text.ts';
import { text as common } from './text.ts';

/** Links that let somebody make an account. */
export function Invitations(): JSX.Element {
  const words = useText(text);
  const invitations = useAsked('admin.invitations', ({ box }) => box.admin.invitations());
  return (
    <Page title={words.title} lead={words.lead} back="/admin/{-$part}" wide>
      <NewInvitations />
      <Section title={words.all}>
        {invitations.length === 0 ? (
          <EmptyState title={words.none} />
        ) : (
          <InvitationTable invitations={invitations.toReversed()} />
        )}
      </Section>
    </Page>
  );
}

function NewInvitations(): JSX.Element {
  const words = useText(text);
  const { roles } = useText(common);
  const isOwner = useRole() === 'owner';
  const [count, setCount] = useState('1');
  const [days, setDays] = useState('7');
  const [role, setRole] = useState<AccountRole>('user');
  const create = useAct(({ box }, order: { count: number; role: AccountRole; days: number }) =>
    box.admin.createInvitations(order),
  );
  const isReady = isWithin(count, 100) && isWithin(days, 90);
  return (
    <Section title={words.create}>
      <form
        className={styles['filters']}
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && !create.isPending) create.mutate({ count: Number(count), role, days: Number(days) });
        }}
      >
        <TextField
          label={words.count}
          value={count}
          onChange={setCount}
          inputMode="numeric"
          error={isWithin(count, 100) ? undefined : words.between(100)}
        />
        <Select
          label={words.role}
          value={role}
          options={(isOwner ? OWNERS_GIVE : ADMINS_GIVE).map((value) => ({ value, label: roles[value] }))}
          onChange={setRole}
        />
        <TextField
          label={words.days}
          value={days}
          onChange={setDays}
          inputMode="numeric"
          error={isWithin(days, 90) ? undefined : words.between(90)}
        />
        <Button type="submit" kind="primary" isDisabled={!isReady} isPending={create.isPending}>
          {words.createNow}
        </Button>
      </form>
      {create.error !== null && <FaultNotice fault={create.error} />}
      {create.data !== undefined && <Links links={create.data} />}
    </Section>
  );
}

function Links({ links }: { readonly links: readonly string[] }): JSX.Element {
  const words = useText(text);
  return (
    <Notice tone="info" title={words.made(links.length)} isAnswer>
      <p>{words.madeDetail}</p>
      <div className={styles['links']}>
        {links.map((link, i) => (
          <Copyable key={link} label={words.link(i + 1)} value={link} />
        ))}
      </div>
    </Notice>
  );
}

function InvitationTable({ invitations }: { readonly invitations: readonly AdminInvitation[] }): JSX.Element {
  const words = useText(text);
  const { roles } = useText(common);
  const revoke = useAct(({ box }, id: number) => box.admin.revokeInvitation(id), { said: words.revoked });
  const columns: readonly Column<AdminInvitation>[] = [
    { key: 'id', label: words.id, isHead: true, cell: ({ id }) => `#${id}`, by: ({ id }) => id },
    { key: 'role', label: words.role, cell: ({ role }) => roles[role], by: ({ role }) => role },
    {
      key: 'state',
      label: words.state,
      cell: ({ state }) => <Badge tone={state === 'open' ? 'good' : 'plain'}>{words.states[state]}</Badge>,
      by: ({ state }) => state,
    },
    {
      key: 'expires',
      label: words.expires,
      cell: ({ expiresAt }) => <Time at={expiresAt} />,
      by: ({ expiresAt }) => expiresAt,
    },
    { key: 'by', label: words.by, cell: ({ createdBy }) => <Address value={createdBy ?? words.server} /> },
    { key: 'used', label: words.usedBy, cell: ({ usedBy }) => <Address value={usedBy ?? '–'} /> },
    {
      key: 'actions',
      label: words.actions,
      isActions: true,
      cell: ({ id, state }) =>
        (state === 'open' || state === 'reserved') && (
          <Button isDisabled={revoke.isPending} onPress={() => revoke.mutate(id)} aria-label={words.revokeOne(id)}>
            {words.revoke}
          </Button>
        ),
    },
  ];
  return (
    <>
      {revoke.error !== null && <FaultNotice fault={revoke.error} />}
      <Table label={words.title} columns={columns} rows={invitations} keyOf={({ id }) => id} />
    </>
  );
}

function isWithin(typed: string, most: number): boolean {
  return /^[0-9]{1,3}$/.test(typed) && Number(typed) >= 1 && Number(typed) <= most;
}

/** Nobody gives more than the own role. */
const OWNERS_GIVE = ['user', 'admin', 'owner'] as const;
const ADMINS_GIVE = ['user', 'admin'] as const;
