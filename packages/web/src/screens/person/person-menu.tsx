import type { ContactView } from '@sotto/keybox';
import { useNavigate } from '@tanstack/react-router';
import { Ban, Check, Ellipsis, MessageSquarePlus, RotateCcw, UserMinus } from 'lucide-react';
import { type JSX, useState } from 'react';
import { useAct } from '../../app/asked.ts';
import { Button, IconButton } from '../../kit/button.tsx';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { Menu, type MenuEntry } from '../../kit/menu.tsx';
import { say } from '../../kit/toasts.ts';
import { useText } from '../../text/language.tsx';
import { text } from './text.ts';

/** What can be done with a contact: talk, accept, block, remove. */
export function PersonMenu({ contact }: { readonly contact: ContactView }): JSX.Element {
  const words = useText(text);
  const [asked, setAsked] = useState<'block' | 'remove' | null>(null);
  const { address, state } = contact;
  const navigate = useNavigate();
  const talk = useAct(({ box }, who: ContactView['address']) => box.directRoom(who), {
    after: ({ id }) => void navigate({ to: '/rooms/$room', params: { room: id } }),
  });
  const accept = useAct(({ box }, who: ContactView['address']) => box.acceptContact(who), { said: words.accepted });
  const unblock = useAct(({ box }, who: ContactView['address']) => box.unblockContact(who), { said: words.unblocked });
  const fault = talk.error ?? accept.error ?? unblock.error;
  const entries: readonly MenuEntry[] = [
    state === 'blocked'
      ? { id: 'unblock', label: words.unblock, icon: <RotateCcw />, onAction: () => unblock.mutate(address) }
      : { id: 'block', label: words.block, icon: <Ban />, tone: 'danger', onAction: () => setAsked('block') },
    { id: 'remove', label: words.remove, icon: <UserMinus />, tone: 'danger', onAction: () => setAsked('remove') },
  ];
  return (
    <>
      {state === 'mutual' && (
        <Button
          kind="primary"
          icon={<MessageSquarePlus />}
          isPending={talk.isPending}
          onPress={() => talk.mutate(address)}
        >
          {words.talk}
        </Button>
      )}
      {state === 'incoming' && (
        <Button kind="primary" icon={<Check />} isPending={accept.isPending} onPress={() => accept.mutate(address)}>
          {words.accept}
        </Button>
      )}
      <Menu
        label={words.more}
        trigger={<IconButton label={words.more} icon={<Ellipsis />} isPending={unblock.isPending} />}
        entries={entries}
      />
      <Ending asked={asked} contact={contact} onClose={() => setAsked(null)} />
      <Dialog
        title={address}
        isOpen={fault !== null}
        onClose={() => {
          talk.reset();
          accept.reset();
          unblock.reset();
        }}
      >
        {fault !== null && <FaultNotice fault={fault} />}
      </Dialog>
    </>
  );
}

function Ending({
  asked,
  contact: { address },
  onClose,
}: {
  readonly asked: 'block' | 'remove' | null;
  readonly contact: ContactView;
  readonly onClose: () => void;
}): JSX.Element {
  const words = useText(text);
  const navigate = useNavigate();
  const block = useAct(({ box }, who: ContactView['address']) => box.blockContact(who), { after: onClose });
  const remove = useAct(({ box }, who: ContactView['address']) => box.removeContact(who), {
    after: () => {
      say(words.removed(address));
      void navigate({ to: '/people' });
    },
  });
  return (
    <>
      <ConfirmDialog
        title={words.blockTitle(address)}
        action={words.block}
        isDangerous
        isOpen={asked === 'block'}
        isPending={block.isPending}
        fault={block.error}
        onConfirm={() => block.mutate(address)}
        onClose={onClose}
      >
        <p>{words.blockWhat}</p>
      </ConfirmDialog>
      <ConfirmDialog
        title={words.removeTitle(address)}
        action={words.remove}
        isDangerous
        isOpen={asked === 'remove'}
        isPending={remove.isPending}
        fault={remove.error}
        onConfirm={() => remove.mutate(address)}
        onClose={onClose}
      >
        <p>{words.removeWhat}</p>
      </ConfirmDialog>
    </>
  );
}
