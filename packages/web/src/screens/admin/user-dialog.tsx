import { hex } from '@sotto/bytes';
import type { AccountRole, AdminUser } from '@sotto/protocol';
import { type JSX, Suspense } from 'react';
import { useAct, useAsked } from '../../app/asked.ts';
import { Loading } from '../../app/loading.tsx';
import { Badge } from '../../kit/badge.tsx';
import { Copyable } from '../../kit/copyable.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { List, ListRow } from '../../kit/list-row.tsx';
import { Select } from '../../kit/select.tsx';
import { useText } from '../../text/language.tsx';
import styles from './admin.module.css';
import { text as common } from './text.ts';
import { text } from './users-text.ts';

/** One account as its administrators see it, and its role. */
export function UserDialog({
  user,
  onClose,
}: {
  readonly user: AdminUser | null;
  readonly onClose: () => void;
}): JSX.Element {
  return (
    <Dialog title={user?.address ?? ''} isOpen={user !== null} onClose={onClose} wide>
      {user !== null && (
        <Suspense fallback={<Loading />}>
          <Details address={user.address} />
        </Suspense>
      )}
    </Dialog>
  );
}

function Details({ address }: Pick<AdminUser, 'address'>): JSX.Element {
  const words = useText(text);
  const { user, devices } = useAsked(`admin.user/${address}`, ({ box }) => box.admin.showUser(address));
  const { fingerprint, state } = user;
  return (
    <>
      <dl className={styles['facts']}>
        <dt>{words.state}</dt>
        <dd>{words.states[state]}</dd>
        <dt>{words.fingerprint}</dt>
        <dd>
          {fingerprint === null ? (
            words.noFingerprint
          ) : (
            <Copyable label={words.fingerprint} value={hex(fingerprint)} grouped />
          )}
        </dd>
      </dl>
      {state !== 'deleted' && <RoleChoice user={user} />}
      <h3>{words.devices}</h3>
      <List label={words.devices}>
        {devices.map(({ id, name, kind, revoked }) => (
          <ListRow
            key={hex(id)}
            title={<bdi>{name}</bdi>}
            detail={words.kinds[kind]}
            end={revoked ? <Badge>{words.revoked}</Badge> : <Badge tone="good">{words.states.active}</Badge>}
          />
        ))}
      </List>
    </>
  );
}

function RoleChoice({ user: { address, role } }: { readonly user: AdminUser }): JSX.Element {
  const words = useText(text);
  const { roles } = useText(common);
  const change = useAct(({ box }, next: AccountRole) => box.admin.setUserRole(address, next), { said: words.roleSet });
  return (
    <>
      <Select
        label={words.role}
        hint={words.roleHint}
        value={role}
        isDisabled={change.isPending}
        options={ROLES.map((value) => ({ value, label: roles[value] }))}
        onChange={(next) => next !== role && change.mutate(next)}
      />
      {change.error !== null && <FaultNotice fault={change.error} />}
    </>
  );
}

const ROLES = ['user', 'admin', 'owner'] as const;
