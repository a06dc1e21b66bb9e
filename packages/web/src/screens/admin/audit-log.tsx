import type { AuditEntry } from '@sotto/protocol';
import { Download, ShieldCheck } from 'lucide-react';
import { type JSX, useMemo, useState } from 'react';
import { useAsked } from '../../app/asked.ts';
import { useDo } from '../../app/queries.ts';
import { saveFile } from '../../app/save-file.ts';
import { Button } from '../../kit/button.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { TextField } from '../../kit/field.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page } from '../../kit/page.tsx';
import { Select } from '../../kit/select.tsx';
import { useText } from '../../text/language.tsx';
import styles from './admin.module.css';
import { type AuditRow, AuditTable, auditRows } from './audit-table.tsx';
import { text } from './audit-text.ts';

/** The server's log of administration and security, verified as one chain under a signed head. */
export function AuditLog(): JSX.Element {
  const words = useText(text);
  const [pages, setPages] = useState(1);
  const { rows, from, length } = useRows(pages);
  const [event, setEvent] = useState('all');
  const [wanted, setWanted] = useState('');
  const events = words.events as Readonly<Record<string, string>>;
  const shown = rows.filter(
    (row) => (event === 'all' || row.event === event) && row.searched.includes(wanted.trim().toLowerCase()),
  );
  const options = [...new Set(rows.map((row) => row.event))].toSorted().map((value) => ({
    value: value as string,
    label: events[value] ?? value,
  }));
  return (
    <Page title={words.title} lead={words.lead(length)} back="/admin/{-$part}" wide actions={<Save rows={shown} />}>
      <div className={styles['filters']}>
        <TextField label={words.find} value={wanted} onChange={setWanted} type="search" />
        <Select
          label={words.event}
          value={event}
          options={[{ value: 'all', label: words.all }, ...options]}
          onChange={setEvent}
        />
      </div>
      {shown.length === 0 ? <EmptyState title={words.none} /> : <AuditTable rows={shown} />}
      <div className={styles['row']}>
        {from > 0 && <Button onPress={() => setPages(pages + 1)}>{words.older(from)}</Button>}
      </div>
      <Chain />
    </Page>
  );
}

/** The newest pages of the log, newest entry first. */
function useRows(pages: number): {
  readonly rows: readonly AuditRow[];
  readonly from: number;
  readonly length: number;
} {
  const length = useAsked('admin.audit.length', ({ box }) => box.admin.auditLength());
  const from = Math.max(0, length - pages * PAGE);
  const entries = useAsked(`admin.audit/${from}`, ({ box }) => box.admin.audit(from));
  const users = useAsked('admin.users', ({ box }) => box.admin.users());
  const rows = useMemo(() => auditRows(entries, users), [entries, users]);
  return { rows, from, length };
}

function Save({ rows }: { readonly rows: readonly AuditRow[] }): JSX.Element {
  const words = useText(text);
  const plain = rows.map(({ searched: _, ...row }) => row);
  return (
    <Button
      icon={<Download />}
      onPress={() => saveFile('audit-log.json', JSON.stringify(plain, null, 2), 'application/json')}
    >
      {words.save}
    </Button>
  );
}

/** Reads everything from the first entry: one unbroken chain, or the place where it breaks. */
function Chain(): JSX.Element {
  const words = useText(text);
  const verify = useDo(async ({ box }, _: null): Promise<readonly AuditEntry[]> => box.admin.audit(0));
  return (
    <>
      <div className={styles['row']}>
        <Button icon={<ShieldCheck />} isPending={verify.isPending} onPress={() => verify.mutate(null)}>
          {words.verify}
        </Button>
      </div>
      {verify.error !== null && <FaultNotice fault={verify.error} />}
      {verify.data !== undefined && <Notice title={words.verified(verify.data.length)} isAnswer />}
    </>
  );
}

const PAGE = 100;
