import { comparePolicies, defaultPolicy, type Policy, type PolicyValues } from '@sotto/protocol';
import type { JSX } from 'react';
import { useDo } from '../../app/queries.ts';
import { Button } from '../../kit/button.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { Section } from '../../kit/page.tsx';
import { Time } from '../../kit/time.tsx';
import { useText } from '../../text/language.tsx';
import styles from './admin.module.css';
import { PolicyChanges } from './policy-changes.tsx';
import { text } from './policy-rules-text.ts';

/** Every version of the rules, each verified under the pinned key. */
export function PolicyHistory(): JSX.Element {
  const words = useText(text);
  const history = useDo(({ box }, _: null) => box.admin.policyHistory());
  return (
    <Section
      title={words.history}
      lead={words.historyLead}
      actions={
        <Button isPending={history.isPending} onPress={() => history.mutate(null)}>
          {words.showHistory}
        </Button>
      }
    >
      {history.error !== null && <FaultNotice fault={history.error} />}
      {history.data?.length === 0 && <EmptyState title={words.none} />}
      {history.data !== undefined &&
        steps(history.data)
          .toReversed()
          .map((step) => <Version key={step.policy.version} {...step} />)}
    </Section>
  );
}

interface Step {
  readonly policy: Policy;
  readonly before: PolicyValues;
}

function Version({ policy, before }: Step): JSX.Element {
  const words = useText(text);
  const { version, at, values, suspended } = policy;
  const changes = comparePolicies(before, values).map((change) => ({
    ...change,
    old: before[change.field],
    next: values[change.field],
  }));
  const title = words.versionOf(version);
  return (
    <div className={styles['links']}>
      <h3>
        {title} · <Time at={at} isExact />
      </h3>
      <p>{words.suspended(suspended.length)}</p>
      {changes.length > 0 && <PolicyChanges label={title} changes={changes} />}
    </div>
  );
}

function steps(policies: readonly Policy[]): readonly Step[] {
  return policies.map((policy, i) => ({ policy, before: policies[i - 1]?.values ?? defaultPolicy }));
}
