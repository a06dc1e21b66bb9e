import type { VaultCheckView } from '@sotto/keybox';
import { DatabaseZap } from 'lucide-react';
import type { JSX } from 'react';
import { useDo } from '../../app/queries.ts';
import { Badge } from '../../kit/badge.tsx';
import { Button } from '../../kit/button.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { Explain } from '../../kit/popover.tsx';
import { type Column, Table } from '../../kit/table.tsx';
import { useLanguage, useText } from '../../text/language.tsx';
import { text } from './storage-text.ts';

/** "Is my storage encrypted?", answered by the bytes that lie in the browser. */
export function Storage(): JSX.Element {
  const words = useText(text);
  const check = useDo(({ tools }, _: null) => tools.checkVault());
  return (
    <Page
      title={words.title}
      lead={words.lead}
      back="/security/{-$part}"
      wide
      actions={
        <Button kind="primary" isPending={check.isPending} onPress={() => check.mutate(null)}>
          {check.data === undefined ? words.check : words.again}
        </Button>
      }
    >
      {check.error !== null && <FaultNotice fault={check.error} />}
      {check.data === undefined ? (
        <EmptyState picture={<DatabaseZap />} title={words.unchecked}>
          {words.what}
        </EmptyState>
      ) : (
        <Verdict found={check.data} />
      )}
    </Page>
  );
}

function Verdict({ found }: { readonly found: VaultCheckView }): JSX.Element {
  const words = useText(text);
  const bad = found.parts.filter(({ encrypted }) => !encrypted).length;
  return (
    <>
      <Notice tone={found.encrypted ? 'info' : 'danger'} title={found.encrypted ? words.good : words.bad(bad)} isAnswer>
        <p>{found.encrypted ? words.goodDetail : words.badDetail}</p>
      </Notice>
      <Section title={words.parts} actions={<Explain label={words.explain}>{words.explained}</Explain>}>
        <Parts parts={found.parts} />
      </Section>
    </>
  );
}

type Part = VaultCheckView['parts'][number];

function Parts({ parts }: { readonly parts: readonly Part[] }): JSX.Element {
  const words = useText(text);
  const { format } = useLanguage();
  const number = new Intl.NumberFormat(format, { maximumFractionDigits: 2 });
  const answer = (opens: boolean | null): JSX.Element | string =>
    opens === null ? '–' : <Badge tone={opens ? 'danger' : 'good'}>{opens ? words.opens : words.refuses}</Badge>;
  const columns: readonly Column<Part>[] = [
    { key: 'name', label: words.part, isHead: true, cell: (part) => <PartName part={part} /> },
    {
      key: 'encrypted',
      label: words.encrypted,
      cell: ({ encrypted }) => <Badge tone={encrypted ? 'good' : 'danger'}>{encrypted ? words.yes : words.no}</Badge>,
    },
    { key: 'size', label: words.size, isNumber: true, cell: ({ sizeBytes }) => words.bytes(number.format(sizeBytes)) },
    {
      key: 'entropy',
      label: words.entropy,
      isNumber: true,
      cell: ({ entropyBits }) => (entropyBits === null ? '–' : words.bits(number.format(entropyBits))),
    },
    { key: 'keyless', label: words.withoutKey, cell: ({ opensWithoutKey }) => answer(opensWithoutKey) },
    { key: 'wrong', label: words.wrongKey, cell: ({ opensWithWrongKey }) => answer(opensWithWrongKey) },
    {
      key: 'clear',
      label: words.marker,
      cell: ({ inTheClear }) => (
        <Badge tone={inTheClear ? 'danger' : 'good'}>{inTheClear ? words.found : words.notFound}</Badge>
      ),
    },
  ];
  return <Table label={words.parts} columns={columns} rows={parts} keyOf={({ name, path }) => name + path} />;
}

function PartName({ part: { name, path } }: { readonly part: Part }): JSX.Element {
  const words = useText(text);
  const known = words.names as Readonly<Record<string, string>>;
  return (
    <>
      {known[name] ?? <bdi>{name}</bdi>}
      <br />
      <code>{path}</code>
    </>
  );
}
