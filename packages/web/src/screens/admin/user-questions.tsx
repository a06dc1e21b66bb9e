import type { SuspensionResult } from '@sotto/keybox';
import type { AdminUser } from '@sotto/protocol';
import type { JSX } from 'react';
import { useAct } from '../../app/asked.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { say } from '../../kit/toasts.ts';
import { useText } from '../../text/language.tsx';
import { text } from './users-text.ts';

interface QuestionProps {
  readonly user: AdminUser | null;
  readonly onClose: () => void;
}

/** Keeps somebody out, for as long as it takes. */
export function UserSuspend({ user, onClose }: QuestionProps): JSX.Element {
  const words = useText(text);
  const tell = useOutcome(words.suspended, onClose);
  const suspend = useAct(({ box }, { address }: AdminUser) => box.admin.suspendUser(address), { after: tell });
  return (
    <ConfirmDialog
      title={words.suspendQuestion(user?.address ?? '')}
      action={words.questions.suspend}
      isDangerous
      isOpen={user !== null}
      isPending={suspend.isPending}
      fault={suspend.error}
      onConfirm={() => user !== null && suspend.mutate(user)}
      onClose={onClose}
    >
      <p>{words.suspendFollows}</p>
      <p>{words.suspendStays}</p>
    </ConfirmDialog>
  );
}

export function UserResume({ user, onClose }: QuestionProps): JSX.Element {
  const words = useText(text);
  const tell = useOutcome(words.resumed, onClose);
  const resume = useAct(({ box }, { address }: AdminUser) => box.admin.resumeUser(address), { after: tell });
  return (
    <ConfirmDialog
      title={words.resumeQuestion(user?.address ?? '')}
      action={words.questions.resume}
      isOpen={user !== null}
      isPending={resume.isPending}
      fault={resume.error}
      onConfirm={() => user !== null && resume.mutate(user)}
      onClose={onClose}
    >
      <p>{words.resumeFollows}</p>
    </ConfirmDialog>
  );
}

/** Ends an account for good. */
export function UserEnd({ user, onClose }: QuestionProps): JSX.Element {
  const words = useText(text);
  const tell = useOutcome(words.deleted, onClose);
  const end = useAct(({ box }, { address }: AdminUser) => box.admin.deleteUser(address), { after: tell });
  return (
    <ConfirmDialog
      title={words.deleteQuestion(user?.address ?? '')}
      action={words.questions.delete}
      isDangerous
      word={user?.address ?? ''}
      isOpen={user !== null}
      isPending={end.isPending}
      fault={end.error}
      onConfirm={() => user !== null && end.mutate(user)}
      onClose={onClose}
    >
      <p>{words.deleteFollows}</p>
      <p>{words.deleteStays}</p>
    </ConfirmDialog>
  );
}

/** Says what was done, and whether the signed rules say the same. */
function useOutcome(done: (address: string) => string, onClose: () => void): (result: SuspensionResult) => void {
  const words = useText(text);
  return ({ user, signed }) => {
    say(signed ? done(user.address) : `${done(user.address)} ${words.unsigned}`);
    onClose();
  };
}
