import type { ContactView } from '@sotto/keybox';
import { useQuery } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import type { JSX } from 'react';
import { useVaults } from '../../app/vaults.tsx';
import { Button } from '../../kit/button.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Section } from '../../kit/page.tsx';
import { useText } from '../../text/language.tsx';
import styles from './person.module.css';
import { text } from './text.ts';

/** What the server's transparency log says of somebody's keys, looked up when the page opens. */
export function Logged({ address }: { readonly address: ContactView['address'] }): JSX.Element {
  const words = useText(text).log;
  const { box } = useVaults();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['logged', address],
    queryFn: () => box.transparency.check(address),
    staleTime: 0,
    meta: { isAsked: true },
  });
  const again = (
    <Button icon={<RefreshCw />} isPending={isFetching} onPress={() => void refetch()}>
      {words.check}
    </Button>
  );
  return (
    <Section title={words.title} lead={words.lead} actions={again}>
      {data === undefined && error === null && <p className={styles['soft']}>{words.checking}</p>}
      {data !== undefined && (
        <Notice tone={TONES[data.state]} title={words[data.state]}>
          <code className={styles['soft']}>{words.where(String(data.size), data.root.slice(0, 16))}</code>
        </Notice>
      )}
      {error !== null && <FaultNotice fault={error} />}
    </Section>
  );
}

const TONES = { current: 'info', behind: 'warning', absent: 'warning', unseen: 'security' } as const;
