import { useParams } from '@tanstack/react-router';
import {
  BadgeCheck,
  DatabaseZap,
  Eye,
  FileKey,
  Fingerprint,
  Gavel,
  KeyRound,
  LifeBuoy,
  ListChecks,
  MonitorSmartphone,
  PackageCheck,
  ScrollText,
  ShieldCheck,
} from 'lucide-react';
import type { JSX } from 'react';
import { useRead } from '../../app/queries.ts';
import { Badge } from '../../kit/badge.tsx';
import { Split } from '../../kit/split.tsx';
import { useText } from '../../text/language.tsx';
import { Audit } from './audit.tsx';
import { Certificates } from './certificates.tsx';
import { Client } from './client.tsx';
import { Devices } from './devices.tsx';
import { KeyLog } from './key-log.tsx';
import { KeyRequests } from './key-requests.tsx';
import { Overview } from './overview.tsx';
import { Passkeys } from './passkeys.tsx';
import { Passphrase } from './passphrase.tsx';
import { Policy } from './policy.tsx';
import { Recovery } from './recovery.tsx';
import { Storage } from './storage.tsx';
import { text } from './text.ts';
import { TransparencyLog } from './transparency.tsx';

/** What protects this account, and the proof of it. */
export function Security(): JSX.Element {
  const words = useText(text);
  const { part } = useParams({ strict: false });
  const requests = useRead(['key-requests'], ({ box }) => box.keyRequests.list());
  const policy = useRead(['policy'], ({ box }) => box.policy.state());
  const open = requests.filter(({ state, own }) => state === 'open' && !own).length;
  return (
    <Split
      title={words.title}
      place="/security"
      open={part}
      parts={[
        { key: 'overview', label: words.overview, Icon: ShieldCheck, Part: Overview },
        { key: 'storage', label: words.storage, Icon: DatabaseZap, Part: Storage },
        { key: 'devices', label: words.devices, Icon: MonitorSmartphone, Part: Devices },
        { key: 'passphrase', label: words.passphrase, Icon: KeyRound, Part: Passphrase },
        { key: 'passkeys', label: words.passkeys, Icon: Fingerprint, Part: Passkeys },
        { key: 'recovery', label: words.recovery, Icon: LifeBuoy, Part: Recovery },
        { key: 'certificates', label: words.certificates, Icon: FileKey, Part: Certificates },
        { key: 'requests', label: words.requests, Icon: BadgeCheck, Part: KeyRequests, mark: <Mark count={open} /> },
        { key: 'log', label: words.log, Icon: ScrollText, Part: KeyLog },
        { key: 'transparency', label: words.transparency, Icon: Eye, Part: TransparencyLog },
        { key: 'program', label: words.program, Icon: PackageCheck, Part: Client },
        { key: 'audit', label: words.audit, Icon: ListChecks, Part: Audit },
        {
          key: 'policy',
          label: words.policy,
          Icon: Gavel,
          Part: Policy,
          mark: <Mark count={policy.pending.length} />,
        },
      ]}
    />
  );
}

function Mark({ count }: { readonly count: number }): JSX.Element | null {
  const words = useText(text);
  return count === 0 ? null : <Badge tone="warning">{words.waiting(count)}</Badge>;
}
