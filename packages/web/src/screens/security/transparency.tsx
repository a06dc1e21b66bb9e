import type { CheckpointView, LoggedView, TransparencyView } from '@sotto/keybox';
import type { Address } from '@sotto/protocol';
import { Eye } from 'lucide-react';
import { type JSX, useState } from 'react';
import { useAct } from '../../app/asked.ts';
import { useDo, useRead } from '../../app/queries.ts';
import { Badge } from '../../kit/badge.tsx';
import { Button } from '../../kit/button.tsx';
import { Copyable } from '../../kit/copyable.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { List, ListRow } from '../../kit/list-row.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { ComboBox } from '../../kit/select.tsx';
import { Time } from '../../kit/time.tsx';
import { useText } from '../../text/language.tsx';
import styles from './security.module.css';
import { text } from './transparency-text.ts';
import { useLog } from './use-log.ts';

/** The home server's public log of everybody's keys, and what this device proved of it. */
export function TransparencyLog(): JSX.Element {
  const words = useText(text);
  const log = useLog();
  const follow = useAct(({ box }, _: null) => box.transparency.follow(), { said: words.followed });
  const refused = follow.data?.[0];
  return (
    <Page
      title={words.title}
      lead={words.lead}
      back="/security/{-$part}"
      actions={
        <Button isPending={follow.isPending} onPress={() => follow.mutate(null)}>
          {words.follow}
        </Button>
      }
    >
      {follow.error !== null && <FaultNotice fault={follow.error} />}
      {refused !== undefined && <FaultNotice fault={refused} />}
      {log === null ? (
        <EmptyState picture={<Eye />} title={words.none}>
          {words.noneDetail}
        </EmptyState>
      ) : (
        <Followed log={log} />
      )}
      <Lookup />
    </Page>
  );
}

function Followed({ log }: { readonly log: TransparencyView }): JSX.Element {
  const words = useText(text);
  const isGood = log.own === 'current' || log.own === 'behind';
  return (
    <>
      <Notice tone={isGood ? 'info' : 'warning'} title={words.own[log.own]}>
        <p>
          {words.checked(log.checked, log.size)} {words.seen} <Time at={log.seenAt} />.
        </p>
      </Notice>
      <Section title={words.checkpoint} lead={words.checkpointLead}>
        <Checkpoint view={log} />
      </Section>
      <Section title={words.compared} lead={words.comparedLead}>
        {log.compared.length === 0 ? (
          <p>{words.nobody}</p>
        ) : (
          <List label={words.compared}>
            {log.compared.map(({ who, size, at }) => (
              <ListRow
                key={who + size}
                title={<bdi>{who}</bdi>}
                detail={words.epochs(size)}
                end={at === null ? <Badge>{words.notYet}</Badge> : <Badge tone="good">{words.same}</Badge>}
              />
            ))}
          </List>
        )}
      </Section>
    </>
  );
}

function Checkpoint({ view: { origin, size, root } }: { readonly view: CheckpointView }): JSX.Element {
  const words = useText(text);
  return (
    <dl className={styles['facts']}>
      <dt>{words.origin}</dt>
      <dd>
        <code>{origin}</code>
      </dd>
      <dt>{words.size}</dt>
      <dd>{size}</dd>
      <dt>{words.root}</dt>
      <dd>
        <Copyable label={words.root} value={root} grouped />
      </dd>
    </dl>
  );
}

function Lookup(): JSX.Element {
  const words = useText(text);
  const contacts = useRead(['contacts'], ({ box }) => box.listContacts());
  const [chosen, setChosen] = useState<Address | null>(null);
  const check = useDo(({ box }, address: Address) => box.transparency.check(address));
  const options = contacts.map(({ address, name }) => ({ value: address, label: address, hint: name ?? '' }));
  if (options.length === 0) return <Section title={words.lookup} lead={words.noContacts} />;
  return (
    <Section title={words.lookup} lead={words.lookupLead}>
      <div className={styles['form']}>
        <ComboBox label={words.contact} value={chosen} options={options} onChange={setChosen} />
        <Button
          isDisabled={chosen === null}
          isPending={check.isPending}
          onPress={() => chosen !== null && check.mutate(chosen)}
        >
          {words.check}
        </Button>
      </div>
      {check.error !== null && <FaultNotice fault={check.error} />}
      {check.data !== undefined && <Logged view={check.data} />}
    </Section>
  );
}

function Logged({ view }: { readonly view: LoggedView }): JSX.Element {
  const words = useText(text);
  const { address, state, statements } = view;
  return (
    <Notice tone={state === 'current' ? 'info' : 'warning'} title={words.logged[state](address)} isAnswer>
      <p>{words.statements(statements)}</p>
      <Checkpoint view={view} />
    </Notice>
  );
}
