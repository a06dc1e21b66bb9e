import type { PolicyState } from '@sotto/keybox';
import type { PolicyField } from '@sotto/protocol';
import type { JSX } from 'react';
import { useAct } from '../../app/asked.ts';
import { useRead } from '../../app/queries.ts';
import { Button } from '../../kit/button.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { Table } from '../../kit/table.tsx';
import { Time } from '../../kit/time.tsx';
import { defineText, useText } from '../../text/language.tsx';
import { policyText, policyWords } from '../../text/policy-words.ts';

/** The organisation's rules as this device obeys them. */
export function Policy(): JSX.Element {
  const words = useText(text);
  const rules = useText(policyText);
  const state = useRead(['policy'], ({ box }) => box.policy.state());
  const refresh = useAct(({ box }, _: null) => box.policy.refresh(), { said: words.asked });
  const fields = Object.keys(state.inForce) as PolicyField[];
  return (
    <Page
      title={words.title}
      lead={words.lead}
      back="/security/{-$part}"
      actions={
        <Button isPending={refresh.isPending} onPress={() => refresh.mutate(null)}>
          {words.refresh}
        </Button>
      }
    >
      {refresh.error !== null && <FaultNotice fault={refresh.error} />}
      {state.pending.length > 0 && <Pending state={state} />}
      <Section title={words.inForce} lead={state.version === 0 ? words.none : <Version state={state} />}>
        <Table
          label={words.inForce}
          rows={fields}
          keyOf={(field) => field}
          columns={[
            { key: 'field', label: words.rule, isHead: true, cell: (field) => rules.fields[field] },
            { key: 'value', label: words.value, cell: (field) => policyWords(rules, field, state.inForce[field]) },
          ]}
        />
      </Section>
    </Page>
  );
}

function Version({ state: { version, at } }: { readonly state: PolicyState }): JSX.Element {
  const words = useText(text);
  return (
    <>
      {words.version(version)} <Time at={at} isExact />.
    </>
  );
}

function Pending({ state }: { readonly state: PolicyState }): JSX.Element {
  const words = useText(text);
  const rules = useText(policyText);
  const accept = useAct(({ box }, version: number) => box.policy.accept(version), { said: words.accepted });
  return (
    <Notice
      tone="warning"
      title={words.pending(state.version)}
      actions={
        <Button kind="primary" isPending={accept.isPending} onPress={() => accept.mutate(state.version)}>
          {words.accept}
        </Button>
      }
    >
      <p>{words.pendingDetail}</p>
      <Table
        label={words.pending(state.version)}
        rows={state.pending}
        keyOf={({ field }) => field}
        columns={[
          { key: 'field', label: words.rule, isHead: true, cell: ({ field }) => rules.fields[field] },
          { key: 'now', label: words.now, cell: ({ field }) => policyWords(rules, field, state.inForce[field]) },
          { key: 'next', label: words.next, cell: ({ field }) => policyWords(rules, field, state.newest[field]) },
        ]}
      />
      {accept.error !== null && <FaultNotice fault={accept.error} />}
    </Notice>
  );
}

const text = defineText({
  en: {
    title: 'Rules of your organisation',
    lead: 'Signed with a key that only your organisation has. The server cannot change them, and this device obeys nothing else.',
    refresh: 'Ask for the newest',
    asked: 'These are the newest rules.',
    inForce: 'In force here',
    none: 'Your organisation has published no rules: the defaults hold.',
    version: (version: number) => `Version ${version}, signed on`,
    rule: 'Rule',
    value: 'Says',
    now: 'Now',
    next: 'Then',
    pending: (version: number) => `Version ${version} changes what needs your yes`,
    pendingDetail: 'Until you agree, the stricter of old and new holds.',
    accept: 'I agree',
    accepted: 'The new rules are in force.',
  },
  de: {
    title: 'Regeln Ihrer Organisation',
    lead: 'Unterschrieben mit einem Schlüssel, den nur Ihre Organisation hat. Der Server kann sie nicht ändern, und dieses Gerät befolgt keine anderen.',
    refresh: 'Nach den neuesten fragen',
    asked: 'Das sind die neuesten Regeln.',
    inForce: 'Hier in Kraft',
    none: 'Ihre Organisation hat keine Regeln veröffentlicht: Es gelten die Voreinstellungen.',
    version: (version: number) => `Fassung ${version}, unterschrieben am`,
    rule: 'Regel',
    value: 'Besagt',
    now: 'Jetzt',
    next: 'Dann',
    pending: (version: number) => `Fassung ${version} ändert, was Ihr Ja braucht`,
    pendingDetail: 'Bis Sie zustimmen, gilt die strengere von alter und neuer.',
    accept: 'Ich stimme zu',
    accepted: 'Die neuen Regeln sind in Kraft.',
  },
});
