import { hex } from '@sotto/bytes';
import type { AdminUser, AuditEntry } from '@sotto/protocol';
import type { JSX } from 'react';
import { Address } from '../../kit/address.tsx';
import { Badge } from '../../kit/badge.tsx';
import { type Column, Table } from '../../kit/table.tsx';
import { Time } from '../../kit/time.tsx';
import { useText } from '../../text/language.tsx';
import { text } from './audit-text.ts';

/** An entry as it is shown, found and saved. */
export interface AuditRow {
  readonly n: number;
  readonly at: number;
  readonly event: AuditEntry['event'];
  /** Address, or the fingerprint of one that is not known; null for the server and strangers. */
  readonly by: string | null;
  readonly subject: string | null;
  readonly detail: AuditEntry['detail'];
  /** Everything that can be searched, in lower case. */
  readonly searched: string;
}

/** Newest first. */
export function auditRows(entries: readonly AuditEntry[], users: readonly AdminUser[]): readonly AuditRow[] {
  const names = new Map(
    users.flatMap(({ address, fingerprint }) => (fingerprint === null ? [] : [[hex(fingerprint), address]])),
  );
  return entries
    .map(({ n, at, event, actor, subject, detail }) => {
      const by = actor === null ? null : (names.get(hex(actor)) ?? hex(actor).slice(0, 16));
      const searched = [event, by, subject, JSON.stringify(detail)].join(' ').toLowerCase();
      return { n, at, event, by, subject, detail, searched };
    })
    .toReversed();
}

export function AuditTable({ rows }: { readonly rows: readonly AuditRow[] }): JSX.Element {
  const words = useText(text);
  const events = words.events as Readonly<Record<string, string>>;
  const columns: readonly Column<AuditRow>[] = [
    { key: 'n', label: words.number, isNumber: true, cell: ({ n }) => n, by: ({ n }) => n },
    { key: 'at', label: words.when, cell: ({ at }) => <Time at={at} isExact />, by: ({ at }) => at },
    {
      key: 'event',
      label: words.event,
      isHead: true,
      cell: ({ event }) => <Badge tone={WARNINGS.has(event) ? 'warning' : 'plain'}>{events[event] ?? event}</Badge>,
      by: ({ event }) => event,
    },
    { key: 'by', label: words.by, cell: ({ by }) => <Address value={by ?? words.server} />, by: ({ by }) => by ?? '' },
    {
      key: 'subject',
      label: words.subject,
      cell: ({ subject }) => <Address value={subject ?? '–'} />,
      by: ({ subject }) => subject ?? '',
    },
    { key: 'detail', label: words.detail, cell: ({ detail }) => <bdi>{detailWords(detail)}</bdi> },
  ];
  return (
    <Table
      label={words.title}
      columns={columns}
      rows={rows}
      keyOf={({ n }) => n}
      sort={{ column: 'n', isDown: true }}
    />
  );
}

function detailWords(detail: AuditEntry['detail']): string {
  const parts = Object.entries(detail).map(([name, value]) => `${name}: ${value}`);
  return parts.length === 0 ? '–' : parts.join(', ');
}

const WARNINGS: ReadonlySet<string> = new Set([
  'sign-in.failed',
  'account.suspended',
  'account.deleted',
  'server.restored',
]);
