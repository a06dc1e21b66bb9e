import type { LinkView } from '@sotto/keybox';
import type { Address } from '@sotto/protocol';
import { useNavigate } from '@tanstack/react-router';
import { type JSX, useState } from 'react';
import { useDo } from '../../app/queries.ts';
import { Button } from '../../kit/button.tsx';
import { CodeScanner } from '../../kit/code-scanner.tsx';
import { Copyable } from '../../kit/copyable.tsx';
import { Notice } from '../../kit/notice.tsx';
import { useText } from '../../text/language.tsx';
import { Aligned } from '../gate/form.tsx';
import { GateFault } from '../gate/gate-fault.tsx';
import { GatePage } from '../gate/gate-page.tsx';
import styles from './link.module.css';
import { text } from './text.ts';

/** The device that is in already: reads the code of the new one, shows who waits, and lets it in once that was compared. */
export function ApproveDevice({ address, onOther }: { readonly address: Address; onOther(): void }): JSX.Element {
  const words = useText(text).approve;
  const navigate = useNavigate();
  const [admitted, setAdmitted] = useState<LinkView | null>(null);
  const look = useDo(async ({ box }, code: string) => ({ code, view: await box.enrolments.showLink(code) }));
  const done = (): void => void navigate({ to: '/rooms' });
  if (admitted !== null) {
    return (
      <GatePage title={words.done(admitted.name)} lead={words.doneLead}>
        <Button kind="primary" wide autoFocus onPress={done}>
          {words.back}
        </Button>
      </GatePage>
    );
  }
  if (look.data !== undefined) {
    const { code, view } = look.data;
    return <Waiting code={code} view={view} onAdmitted={setAdmitted} onRefused={() => look.reset()} />;
  }
  return (
    <GatePage title={words.title} lead={words.lead} back="/rooms">
      <p>
        {words.account} <bdi>{address}</bdi>
      </p>
      <ol className={styles['steps']}>
        <li>{words.open}</li>
        <li>{words.scan}</li>
      </ol>
      <CodeScanner label={words.code} isPending={look.isPending} onCode={(code) => look.mutate(code)} />
      <GateFault fault={look.error} />
      <Aligned>
        <Button kind="quiet" onPress={onOther}>
          {words.other}
        </Button>
      </Aligned>
    </GatePage>
  );
}

function Waiting({
  code,
  view,
  onAdmitted,
  onRefused,
}: {
  readonly code: string;
  readonly view: LinkView;
  onAdmitted(view: LinkView): void;
  onRefused(): void;
}): JSX.Element {
  const words = useText(text).approve;
  const approve = useDo(({ box }) => box.enrolments.approveLink(code, view.device));
  return (
    <GatePage title={words.question} lead={words.questionLead}>
      <dl className={styles['facts']}>
        <dt>{words.name}</dt>
        <dd>
          <strong>{view.name}</strong>
        </dd>
        <dt>{words.account}</dt>
        <dd>
          <bdi>{view.address}</bdi>
        </dd>
        <dt>{words.fingerprint}</dt>
        <dd>
          <Copyable label={words.fingerprint} value={view.device} grouped />
        </dd>
      </dl>
      <Notice tone="warning" title={words.warning}>
        <p>{words.warningHint}</p>
      </Notice>
      <GateFault fault={approve.error} />
      <div className={styles['answers']}>
        <Button onPress={onRefused} isDisabled={approve.isPending}>
          {words.refuse}
        </Button>
        <Button
          kind="primary"
          isPending={approve.isPending}
          onPress={() => approve.mutate(undefined, { onSuccess: onAdmitted })}
        >
          {words.admit}
        </Button>
      </div>
    </GatePage>
  );
}
