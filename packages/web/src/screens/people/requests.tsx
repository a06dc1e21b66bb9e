import type { ContactView } from '@sotto/keybox';
import { useNavigate } from '@tanstack/react-router';
import { Ban, Check } from 'lucide-react';
import { type JSX, useState } from 'react';
import { useAct } from '../../app/asked.ts';
import { Avatar } from '../../kit/avatar.tsx';
import { Badge } from '../../kit/badge.tsx';
import { IconButton } from '../../kit/button.tsx';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { say } from '../../kit/toasts.ts';
import { useText } from '../../text/language.tsx';
import styles from './people.module.css';
import { text } from './text.ts';

type Address = ContactView['address'];

/** Who waits to be accepted or blocked. */
export function Requests({ requests }: { readonly requests: readonly ContactView[] }): JSX.Element {
  const words = useText(text);
  const navigate = useNavigate();
  const [blocking, setBlocking] = useState<Address | null>(null);
  const accept = useAct(({ box }, address: Address) => box.acceptContact(address), {
    after: ({ address }) => {
      say(words.accepted(address));
      void navigate({ to: '/people/$address', params: { address } });
    },
  });
  const block = useAct(({ box }, address: Address) => box.blockContact(address), { after: () => setBlocking(null) });
  return (
    <section className={styles['group']} data-urgent>
      <h2>
        {words.requests} <Badge tone="warning">{requests.length}</Badge>
      </h2>
      <ul>
        {requests.map(({ address }) => (
          <li key={address} className={styles['request']}>
            <Avatar name={address} />
            <span className={styles['who']}>
              <bdi className={styles['name']}>{address}</bdi>
              <span className={styles['address']}>{words.asksYou}</span>
            </span>
            <IconButton label={words.block(address)} icon={<Ban />} onPress={() => setBlocking(address)} />
            <IconButton
              label={words.accept(address)}
              icon={<Check />}
              kind="primary"
              isPending={accept.isPending && accept.variables === address}
              onPress={() => accept.mutate(address)}
            />
          </li>
        ))}
      </ul>
      {accept.error !== null && <FaultNotice fault={accept.error} />}
      <ConfirmDialog
        title={words.blockTitle(blocking ?? '')}
        action={words.blockDo}
        isDangerous
        isOpen={blocking !== null}
        isPending={block.isPending}
        fault={block.error}
        onConfirm={() => blocking !== null && block.mutate(blocking)}
        onClose={() => setBlocking(null)}
      >
        <p>{words.blockWhat}</p>
      </ConfirmDialog>
    </section>
  );
}
