import { Link } from '@tanstack/react-router';
import { CircleAlert, CircleCheck, CircleDashed } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { useRead } from '../../app/queries.ts';
import { useOpenVault } from '../../app/vaults.tsx';
import { Copyable } from '../../kit/copyable.tsx';
import { List, ListRow } from '../../kit/list-row.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { useText } from '../../text/language.tsx';
import { text } from './overview-text.ts';
import styles from './security.module.css';
import { useLog } from './use-log.ts';

/** What stands well, and what its owner should look at. */
export function Overview(): JSX.Element {
  const words = useText(text);
  const account = useRead(['account'], ({ box }) => box.showAccount());
  return (
    <Page title={words.title} lead={words.lead} back="/security/{-$part}">
      <List label={words.title}>
        <Server />
        <Back ways={account.waysBack.length} />
        <Logged />
        <Verified />
        <Warnings />
        <Rules />
      </List>
      <Section title={words.identity} lead={words.identityLead}>
        <Copyable label={words.fingerprint} value={account.fingerprint} grouped />
      </Section>
    </Page>
  );
}

function Server(): JSX.Element {
  const { server } = useText(text);
  const { refused } = useOpenVault().connection;
  if (refused === null) return <Standing good part="log" title={server.good} detail={server.goodDetail} />;
  return <Standing good={false} part="log" title={server.bad} detail={server.badDetail(refused)} />;
}

function Back({ ways }: { readonly ways: number }): JSX.Element {
  const { back } = useText(text);
  const part = 'recovery';
  if (ways === 0) return <Standing good={false} part={part} title={back.bad} detail={back.badDetail} />;
  if (ways === 1) return <Standing good={null} part={part} title={back.one} detail={back.oneDetail} />;
  return <Standing good part={part} title={back.good} detail={back.goodDetail} />;
}

function Logged(): JSX.Element {
  const words = useText(text).log;
  const log = useLog();
  const part = 'transparency';
  if (log === null) return <Standing good={null} part={part} title={words.none} detail={words.noneDetail} />;
  const isGood = log.own === 'current' || log.own === 'behind';
  const [title, detail] = isGood ? [words.good, words.goodDetail] : [words.bad, words.badDetail];
  return <Standing good={isGood} part={part} title={title} detail={detail} />;
}

function Verified(): JSX.Element {
  const { audit } = useText(text);
  const { failed, entries, entriesDone } = useRead(['coverage'], ({ box }) => box.auditor.coverage());
  if (failed.length > 0)
    return <Standing good={false} part="audit" title={audit.bad(failed.length)} detail={audit.badDetail} />;
  const isWhole = entriesDone >= entries;
  const detail = audit.detail(entriesDone, entries);
  return <Standing good={isWhole || null} part="audit" title={isWhole ? audit.good : audit.some} detail={detail} />;
}

function Warnings(): JSX.Element {
  const { warnings } = useText(text);
  const log = useRead(['key-log'], ({ box }) => box.keyLog());
  const count = log.filter(({ code }) => code !== null).length;
  if (count === 0) return <Standing good part="log" title={warnings.none} detail={warnings.noneDetail} />;
  return <Standing good={null} part="log" title={warnings.some(count)} detail={warnings.someDetail} />;
}

function Rules(): JSX.Element {
  const { rules } = useText(text);
  const { version, pending } = useRead(['policy'], ({ box }) => box.policy.state());
  const part = 'policy';
  if (pending.length > 0)
    return <Standing good={null} part={part} title={rules.pending(pending.length)} detail={rules.pendingDetail} />;
  const [title, detail] = version === 0 ? [rules.none, rules.noneDetail] : [rules.some(version), rules.detail];
  return <Standing good part={part} title={title} detail={detail} />;
}

function Standing(props: {
  /** Null for what is neither good nor bad. */
  readonly good: boolean | null;
  readonly part: string;
  readonly title: string;
  readonly detail: string;
}): JSX.Element {
  const { good, part, title, detail } = props;
  const words = useText(text);
  return (
    <ListRow
      icon={iconOf(good)}
      title={title}
      detail={detail}
      end={
        <Link to="/security/{-$part}" params={{ part }} aria-label={`${words.show}: ${title}`}>
          {words.show}
        </Link>
      }
    />
  );
}

function iconOf(good: boolean | null): ReactNode {
  if (good === null) return <CircleDashed className={styles['open']} aria-hidden="true" />;
  return good ? (
    <CircleCheck className={styles['good']} aria-hidden="true" />
  ) : (
    <CircleAlert className={styles['bad']} aria-hidden="true" />
  );
}
