import type { Address } from '@sotto/protocol';
import { useNavigate } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { type JSX, useState } from 'react';
import { useDo } from '../../app/queries.ts';
import { Button } from '../../kit/button.tsx';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { useText } from '../../text/language.tsx';
import { Aligned } from '../gate/form.tsx';
import { text } from './text.ts';

/** Takes an account out of this browser; the account itself goes on. */
export function RemoveAccount({ address }: { readonly address: Address }): JSX.Element {
  const words = useText(text).remove;
  const navigate = useNavigate();
  const [isAsked, setAsked] = useState(false);
  const forget = useDo(({ gate }) => gate.forget(address));
  const confirm = (): void =>
    forget.mutate(undefined, { onSuccess: () => void navigate({ to: '/welcome', search: {}, replace: true }) });
  return (
    <Aligned>
      <Button kind="quiet" icon={<Trash2 />} onPress={() => setAsked(true)}>
        {words.button}
      </Button>
      <ConfirmDialog
        title={words.title}
        action={words.action}
        isDangerous
        word={address}
        isOpen={isAsked}
        isPending={forget.isPending}
        fault={forget.error}
        onConfirm={confirm}
        onClose={() => setAsked(false)}
      >
        <p>{words.what}</p>
        <p>{words.back}</p>
      </ConfirmDialog>
    </Aligned>
  );
}
