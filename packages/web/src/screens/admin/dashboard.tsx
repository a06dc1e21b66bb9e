import type { AdminStatistics } from '@sotto/protocol';
import { type JSX, lazy, Suspense, useState } from 'react';
import { useAsked } from '../../app/asked.ts';
import { Loading } from '../../app/loading.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { Table } from '../../kit/table.tsx';
import { Tabs } from '../../kit/tabs.tsx';
import { Time } from '../../kit/time.tsx';
import { useLanguage, useText } from '../../text/language.tsx';
import { sizeText } from '../../text/measures.ts';
import styles from './admin.module.css';
import { text } from './dashboard-text.ts';

const DayChart = lazy(async () => ({ default: (await import('./day-chart.tsx')).DayChart }));

/** What the server counts: sums alone. */
export function Dashboard(): JSX.Element {
  const words = useText(text);
  const { format } = useLanguage();
  const statistics = useAsked('admin.statistics', ({ box }) => box.admin.statistics());
  const { accounts, devices, connected, rooms, storageBytes, mailboxItems, at } = statistics;
  const count = (value: number): string => value.toLocaleString(format);
  return (
    <Page
      title={words.title}
      lead={
        <>
          {words.lead} {words.asOf} <Time at={at} isExact />.
        </>
      }
      back="/admin/{-$part}"
      wide
    >
      <dl className={styles['figures']}>
        <Figure
          label={words.accounts}
          value={count(accounts.active)}
          detail={words.others(accounts.suspended, accounts.incomplete)}
        />
        <Figure label={words.devices} value={count(devices)} detail={words.connected(connected)} />
        <Figure label={words.rooms} value={count(Object.values(rooms).reduce((sum, each) => sum + each, 0))} />
        <Figure label={words.storage} value={sizeText(storageBytes, format)} detail={words.ciphertext} />
        <Figure label={words.waiting} value={count(mailboxItems)} detail={words.waitingDetail} />
      </dl>
      <Traffic statistics={statistics} />
      <Section title={words.byType}>
        <Table
          label={words.byType}
          rows={Object.entries(rooms)}
          keyOf={([type]) => type}
          columns={[
            {
              key: 'type',
              label: words.type,
              isHead: true,
              cell: ([type]) => (words.types as Readonly<Record<string, string>>)[type] ?? type,
            },
            { key: 'count', label: words.count, isNumber: true, cell: ([, each]) => count(each) },
          ]}
        />
      </Section>
    </Page>
  );
}

function Figure(props: { readonly label: string; readonly value: string; readonly detail?: string }): JSX.Element {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd>
        <strong>{props.value}</strong>
        {props.detail !== undefined && <span>{props.detail}</span>}
      </dd>
    </div>
  );
}

function Traffic({ statistics: { entries } }: { readonly statistics: AdminStatistics }): JSX.Element {
  const words = useText(text);
  const { format } = useLanguage();
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const day = (at: number): string =>
    new Date(at).toLocaleDateString(format, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
  return (
    <Section title={words.traffic} lead={words.trafficLead}>
      <Tabs
        label={words.traffic}
        selected={view}
        onSelect={setView}
        tabs={[
          { key: 'chart', label: words.chart },
          { key: 'table', label: words.table },
        ]}
      >
        {view === 'chart' ? (
          <Suspense fallback={<Loading />}>
            <DayChart label={words.traffic} days={entries} dayWords={day} />
          </Suspense>
        ) : (
          <Table
            label={words.traffic}
            rows={entries}
            keyOf={(entry) => entry.day}
            columns={[
              { key: 'day', label: words.day, isHead: true, cell: (entry) => day(entry.day) },
              {
                key: 'count',
                label: words.entries,
                isNumber: true,
                cell: (entry) => entry.count.toLocaleString(format),
              },
            ]}
          />
        )}
      </Tabs>
    </Section>
  );
}
