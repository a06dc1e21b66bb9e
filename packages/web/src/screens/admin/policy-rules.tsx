import type { PolicyDryRun } from '@sotto/keybox';
import type { PolicyField, PolicyValues } from '@sotto/protocol';
import { type JSX, useState } from 'react';
import { useAct } from '../../app/asked.ts';
import { useDo, useRead } from '../../app/queries.ts';
import { Button } from '../../kit/button.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { useText } from '../../text/language.tsx';
import styles from './admin.module.css';
import { PolicyChanges } from './policy-changes.tsx';
import { PolicyFieldInput } from './policy-field.tsx';
import { PolicyHistory } from './policy-history.tsx';
import { text } from './policy-rules-text.ts';

/** The rules in force, tried before they are signed. */
export function PolicyRules(): JSX.Element {
  const words = useText(text);
  const { newest, version } = useRead(['policy'], ({ box }) => box.policy.state());
  const [changes, setChanges] = useState<Partial<PolicyValues>>({});
  const dryRun = useDo(({ box }, wanted: Partial<PolicyValues>) => box.admin.tryPolicy(wanted));
  const change = (field: PolicyField, value: unknown): void => {
    dryRun.reset();
    setChanges({ ...changes, [field]: value });
  };
  const clear = (): void => {
    dryRun.reset();
    setChanges({});
  };
  const count = Object.keys(changes).length;
  return (
    <Page title={words.title} lead={version === 0 ? words.none : words.version(version)} back="/admin/{-$part}">
      <Notice tone="info" title={words.signed}>
        <p>{words.signedDetail}</p>
      </Notice>
      {GROUPS.map(({ name, fields }) => (
        <Section key={name} title={words.groups[name]} {...(name === 'closed' ? { lead: words.closedDetail } : {})}>
          {fields.map((field) => (
            // A field whose change was taken back shows what is in force again.
            <PolicyFieldInput
              key={`${field}/${version}/${field in changes}`}
              field={field}
              value={field in changes ? changes[field] : newest[field]}
              onChange={(value) => change(field, value)}
            />
          ))}
        </Section>
      ))}
      <Section title={words.dryRun} lead={words.dryRunLead}>
        <div className={styles['row']}>
          <Button
            kind="primary"
            isDisabled={count === 0}
            isPending={dryRun.isPending}
            onPress={() => dryRun.mutate(changes)}
          >
            {words.tryIt(count)}
          </Button>
          <Button isDisabled={count === 0} onPress={clear}>
            {words.clear}
          </Button>
        </div>
        {dryRun.error !== null && <FaultNotice fault={dryRun.error} />}
        {dryRun.data !== undefined && <Tried found={dryRun.data} changes={changes} onPublished={clear} />}
      </Section>
      <PolicyHistory />
    </Page>
  );
}

/** What would follow, and the button that makes it so. */
function Tried({
  found,
  changes,
  onPublished,
}: {
  readonly found: PolicyDryRun;
  readonly changes: Partial<PolicyValues>;
  readonly onPublished: () => void;
}): JSX.Element {
  const words = useText(text);
  const publish = useAct(({ box }, wanted: Partial<PolicyValues>) => box.admin.setPolicy(wanted), {
    said: words.published,
    after: onPublished,
  });
  if (found.changes.length === 0) return <EmptyState title={words.same} />;
  return (
    <>
      <PolicyChanges label={words.dryRun} changes={found.changes} />
      <p>{words.concerns(found.accounts)}</p>
      {found.overDevices.length > 0 && (
        <Notice tone="warning" title={words.over}>
          <p>
            <bdi>{found.overDevices.join(', ')}</bdi>
          </p>
        </Notice>
      )}
      {found.changes.some(({ tightness }) => tightness !== 'tighter') && (
        <Notice tone="warning" title={words.loosens}>
          <p>{words.loosensDetail}</p>
        </Notice>
      )}
      {publish.error !== null && <FaultNotice fault={publish.error} />}
      <div className={styles['row']}>
        <Button kind="primary" isPending={publish.isPending} onPress={() => publish.mutate(changes)}>
          {words.publish(found.version)}
        </Button>
      </div>
    </>
  );
}

const GROUPS = [
  {
    name: 'accounts',
    fields: ['roaming', 'offlineUnlockDays', 'passphraseLength', 'passphraseAgeDays', 'autoLockMinutes', 'maxDevices'],
  },
  { name: 'rooms', fields: ['roomCreation', 'maxMembers', 'verifiedOnly', 'export'] },
  { name: 'cryptography', fields: ['suites', 'suiteModules'] },
  {
    name: 'closed',
    fields: [
      'retentionDays',
      'forwarding',
      'keyRequestApproval',
      'federation',
      'outsideMail',
      'gateways',
      'publicLinks',
      'guests',
    ],
  },
] as const satisfies readonly { readonly name: string; readonly fields: readonly PolicyField[] }[];
