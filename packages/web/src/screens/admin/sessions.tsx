import type { AdminSession } from '@sotto/protocol';
import type { JSX } from 'react';
import { useAct, useAsked } from '../../app/asked.ts';
import { Address } from '../../kit/address.tsx';
import { Badge } from '../../kit/badge.tsx';
import { Button } from '../../kit/button.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { Page } from '../../kit/page.tsx';
import { type Column, Table } from '../../kit/table.tsx';
import { Time } from '../../kit/time.tsx';
import { defineText, useText } from '../../text/language.tsx';

/** Who is connected now. */
export function Sessions(): JSX.Element {
  const words = useText(text);
  const sessions = useAsked('admin.sessions', ({ box }) => box.admin.sessions());
  const end = useAct(({ box }, id: number) => box.admin.endSession(id), { said: words.ended });
  const columns: readonly Column<AdminSession>[] = [
    {
      key: 'who',
      label: words.who,
      isHead: true,
      cell: ({ address, kind }) => (address === null ? words.kinds[kind] : <Address value={address} />),
      by: ({ address }) => address ?? '',
    },
    {
      key: 'device',
      label: words.device,
      cell: ({ device }) => <bdi>{device ?? '–'}</bdi>,
      by: ({ device }) => device ?? '',
    },
    { key: 'kind', label: words.kind, cell: ({ kind }) => <Badge>{words.kinds[kind]}</Badge>, by: ({ kind }) => kind },
    { key: 'since', label: words.since, cell: ({ since }) => <Time at={since} />, by: ({ since }) => since },
    { key: 'source', label: words.source, cell: ({ source }) => <code>{source}</code>, by: ({ source }) => source },
    {
      key: 'actions',
      label: words.actions,
      isActions: true,
      cell: ({ id, address }) => (
        <Button
          isDisabled={end.isPending}
          onPress={() => end.mutate(id)}
          aria-label={words.endOne(address ?? String(id))}
        >
          {words.end}
        </Button>
      ),
    },
  ];
  return (
    <Page title={words.title} lead={words.lead} back="/admin/{-$part}" wide>
      {end.error !== null && <FaultNotice fault={end.error} />}
      <Table label={words.title} columns={columns} rows={sessions} keyOf={({ id }) => id} />
    </Page>
  );
}

const text = defineText({
  en: {
    title: 'Sessions',
    lead: 'Connections that are open now. Ending one does not shut its device out: it may connect again.',
    who: 'Who',
    device: 'Device',
    kind: 'Kind',
    kinds: { anonymous: 'Nobody yet', account: 'Signing in', device: 'Device', revoked: 'Shut out' },
    since: 'Since',
    source: 'Source',
    actions: 'Actions',
    end: 'End',
    endOne: (who: string) => `End the session of ${who}`,
    ended: 'The connection is cut.',
  },
  de: {
    title: 'Sitzungen',
    lead: 'Verbindungen, die jetzt offen sind. Eine zu beenden sperrt das Gerät nicht aus: Es darf sich wieder verbinden.',
    who: 'Wer',
    device: 'Gerät',
    kind: 'Art',
    kinds: { anonymous: 'Noch niemand', account: 'Meldet sich an', device: 'Gerät', revoked: 'Ausgesperrt' },
    since: 'Seit',
    source: 'Quelle',
    actions: 'Aktionen',
    end: 'Beenden',
    endOne: (who: string) => `Sitzung von ${who} beenden`,
    ended: 'Die Verbindung ist getrennt.',
  },
});
