import type { AuditView } from '@sotto/keybox';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useDo, useRead } from '../../app/queries.ts';
import { useVaults } from '../../app/vaults.tsx';
import { Badge } from '../../kit/badge.tsx';
import { Button } from '../../kit/button.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { Meter, ProgressBar } from '../../kit/progress.tsx';
import { Table } from '../../kit/table.tsx';
import { Time } from '../../kit/time.tsx';
import { defineText, useText } from '../../text/language.tsx';

/** How much of what this device accepted was verified once more, and all of it again on demand. */
export function Audit(): JSX.Element {
  const words = useText(text);
  const coverage = useRead(['coverage'], ({ box }) => box.auditor.coverage());
  const again = useDo(({ box }, _: null) => box.audit());
  const { entries, entriesDone, rooms, roomsDone, failed, at } = coverage;
  return (
    <Page
      title={words.title}
      lead={words.lead}
      back="/security/{-$part}"
      actions={
        <Button kind="primary" isPending={again.isPending} onPress={() => again.mutate(null)}>
          {words.again}
        </Button>
      }
    >
      {again.isPending ? (
        <Running />
      ) : (
        <Meter
          label={words.covered(roomsDone, rooms)}
          value={entriesDone}
          most={entries}
          words={words.entries(entriesDone, entries)}
          tone={failed.length > 0 ? 'danger' : 'good'}
        />
      )}
      {at !== null && (
        <p>
          {words.last} <Time at={at} />.
        </p>
      )}
      {again.error !== null && <FaultNotice fault={again.error} />}
      {failed.length > 0 && !again.isPending && <Findings label={words.failed} found={failed} />}
      {again.data !== undefined && !again.isPending && <Verdict found={again.data} />}
    </Page>
  );
}

/** Progress cannot come across as it is made, so the vault is asked how far it is. */
function Running(): JSX.Element {
  const words = useText(text);
  const { box } = useVaults();
  const { data } = useQuery({
    queryKey: ['coverage-now'],
    queryFn: () => box.auditor.coverage(),
    refetchInterval: ASKED_EACH_MILLISECONDS,
  });
  return <ProgressBar label={words.running} done={data?.entriesDone ?? null} total={data?.entries ?? null} />;
}

function Verdict({ found }: { readonly found: readonly AuditView[] }): JSX.Element {
  const words = useText(text);
  const bad = found.filter(({ ok }) => !ok);
  return (
    <>
      <Notice
        tone={bad.length === 0 ? 'info' : 'security'}
        title={bad.length === 0 ? words.good(found.length) : words.bad(bad.length, found.length)}
        isAnswer
      />
      <Findings label={words.found} found={found} />
    </>
  );
}

function Findings({ label, found }: { readonly label: string; readonly found: readonly AuditView[] }): JSX.Element {
  const words = useText(text);
  return (
    <Section title={label}>
      <Table
        label={label}
        rows={found}
        keyOf={({ subject }) => subject}
        columns={[
          { key: 'subject', label: words.subject, isHead: true, cell: ({ subject }) => <bdi>{subject}</bdi> },
          {
            key: 'ok',
            label: words.result,
            cell: ({ ok, code }) => <Badge tone={ok ? 'good' : 'danger'}>{ok ? words.passed : (code ?? '?')}</Badge>,
          },
        ]}
      />
    </Section>
  );
}

const text = defineText({
  en: {
    title: 'Verify everything again',
    lead: 'Sotto verified everything when it came. In the background it fetches it once more and verifies that the server still shows the same.',
    again: 'Verify from the first byte',
    running: 'Verifying',
    covered: (done: number, total: number) => `${done} of ${total} rooms`,
    entries: (done: number, total: number) => `${done} of ${total} entries`,
    last: 'Last verified',
    failed: 'What did not pass',
    found: 'What was verified',
    good: (count: number) => `All ${count} passed`,
    bad: (count: number, total: number) => `${count} of ${total} did not pass`,
    subject: 'Subject',
    result: 'Result',
    passed: 'Passed',
  },
  de: {
    title: 'Alles noch einmal prüfen',
    lead: 'Sotto hat alles geprüft, als es kam. Im Hintergrund holt es alles noch einmal und prüft, ob der Server noch dasselbe zeigt.',
    again: 'Vom ersten Byte an prüfen',
    running: 'Wird geprüft',
    covered: (done: number, total: number) => `${done} von ${total} Räumen`,
    entries: (done: number, total: number) => `${done} von ${total} Einträgen`,
    last: 'Zuletzt geprüft',
    failed: 'Was nicht bestanden hat',
    found: 'Was geprüft wurde',
    good: (count: number) => `Alle ${count} haben bestanden`,
    bad: (count: number, total: number) => `${count} von ${total} haben nicht bestanden`,
    subject: 'Gegenstand',
    result: 'Ergebnis',
    passed: 'Bestanden',
  },
});

const ASKED_EACH_MILLISECONDS = 1000;
