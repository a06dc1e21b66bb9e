import type { InvitationView } from '@sotto/keybox-web';
import { useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate, useParams } from '@tanstack/react-router';
import type { JSX } from 'react';
import { Loading } from '../../app/loading.tsx';
import { useVaults } from '../../app/vaults.tsx';
import { Button } from '../../kit/button.tsx';
import { Copyable } from '../../kit/copyable.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Time } from '../../kit/time.tsx';
import { useText } from '../../text/language.tsx';
import { codeOf, GateFault } from '../gate/gate-fault.tsx';
import { GatePage } from '../gate/gate-page.tsx';
import { formatCarried, linkText } from '../gate/invitation-link.ts';
import { Protection } from '../gate/protection.tsx';
import { text } from './text.ts';
import styles from './welcome.module.css';

/** An invitation that was opened: what it leads to, and whether it still does. */
export function Invited(): JSX.Element {
  const words = useText(text).invitation;
  const { gate } = useVaults();
  const { code } = useParams({ from: '/gate/i/$code' });
  const { hash } = useLocation();
  const link = linkText({ origin: location.origin, code, hash });
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['gate', 'invitation', link],
    queryFn: () => gate.invitation(link),
    retry: false,
    gcTime: 0,
  });
  if (data !== undefined) return <Invitation view={data} code={code} hash={hash} />;
  if (error === null || isFetching) return <Loading />;
  return (
    <GatePage title={words.unread} back="/welcome">
      {codeOf(error) === 'invitation-unknown' ? (
        <Notice tone="danger" title={words.unknown.title} isAnswer>
          <p>{words.unknown.advice}</p>
          <p>
            <code>invitation-unknown</code>
          </p>
        </Notice>
      ) : (
        <GateFault fault={error} actions={<Button onPress={() => void refetch()}>{words.again}</Button>} />
      )}
    </GatePage>
  );
}

function Invitation({
  view,
  code,
  hash,
}: {
  readonly view: InvitationView;
  readonly code: string;
  readonly hash: string;
}): JSX.Element {
  const words = useText(text).invitation;
  const { state, domain, caFingerprint, expiresAt } = view;
  const navigate = useNavigate();
  const isUsable = state === 'open' || state === 'reserved';
  const go = (): void => void navigate({ to: '/create', hash: formatCarried({ code, hash }) });
  return (
    <GatePage
      title={words.title(domain)}
      lead={isUsable ? words.lead : undefined}
      back="/welcome"
      aside={isUsable ? <Protection /> : undefined}
    >
      {state === 'reserved' && (
        <Notice tone="warning" title={words.reserved.title}>
          <p>{words.reserved.advice}</p>
        </Notice>
      )}
      {(state === 'used' || state === 'expired') && (
        <Notice tone="danger" title={words[state].title} isAnswer>
          <p>{words[state].advice}</p>
          <p>
            <code>invitation-{state}</code>
          </p>
        </Notice>
      )}
      <dl className={styles['facts']}>
        <dt>{words.server}</dt>
        <dd>
          <strong>{domain}</strong>
        </dd>
        <dt>{words.authority}</dt>
        <dd>
          <Copyable label={words.authority} value={caFingerprint} grouped />
        </dd>
        {isUsable && (
          <>
            <dt>{words.until}</dt>
            <dd>
              <Time at={expiresAt} isExact />
            </dd>
          </>
        )}
      </dl>
      {isUsable && (
        <Button kind="primary" wide onPress={go} autoFocus>
          {words.create}
        </Button>
      )}
    </GatePage>
  );
}
