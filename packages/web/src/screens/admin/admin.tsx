import { useParams } from '@tanstack/react-router';
import { ChartColumn, Gavel, KeyRound, Plug, ScrollText, Ticket, Users as UsersIcon } from 'lucide-react';
import type { JSX } from 'react';
import { Loading } from '../../app/loading.tsx';
import { useRole } from '../../app/role.ts';
import { useOpenVault } from '../../app/vaults.tsx';
import { Split } from '../../kit/split.tsx';
import { useText } from '../../text/language.tsx';
import { AuditLog } from './audit-log.tsx';
import { Dashboard } from './dashboard.tsx';
import { Invitations } from './invitations.tsx';
import { PolicyKey } from './policy-key.tsx';
import { PolicyRules } from './policy-rules.tsx';
import { Refusal } from './refusal.tsx';
import { Sessions } from './sessions.tsx';
import { text } from './text.ts';
import { Users } from './users.tsx';

/** The administration of the home server, for owners and administrators. */
export function Admin(): JSX.Element {
  const words = useText(text);
  const { part } = useParams({ strict: false });
  const role = useRole();
  const { online } = useOpenVault().connection;
  if (role === 'user') return <Refusal title={words.refused}>{words.refusedDetail}</Refusal>;
  if (role === null) return online ? <Loading /> : <Refusal title={words.unknown}>{words.unknownDetail}</Refusal>;
  return (
    <Split
      title={words.title}
      place="/admin"
      open={part}
      parts={[
        { key: 'dashboard', label: words.dashboard, Icon: ChartColumn, Part: Dashboard },
        { key: 'users', label: words.users, Icon: UsersIcon, Part: Users },
        { key: 'invitations', label: words.invitations, Icon: Ticket, Part: Invitations },
        { key: 'sessions', label: words.sessions, Icon: Plug, Part: Sessions },
        { key: 'policy', label: words.policy, Icon: Gavel, Part: PolicyRules },
        { key: 'policy-key', label: words.policyKey, Icon: KeyRound, Part: PolicyKey },
        { key: 'audit', label: words.audit, Icon: ScrollText, Part: AuditLog },
      ]}
    />
  );
}
