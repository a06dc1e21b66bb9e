import { withAccount } from '../../account.ts';
import type { Run } from '../../command.ts';
import type { InviteFlags } from '../../routes/admin/invitations.ts';
import { table, when } from '../../terminal.ts';
import { isoTime } from '../views.ts';

export async function listInvitations(run: Run): Promise<void> {
  await withAccount(run, 'needed', async (box) => {
    const invitations = await box.admin.invitations();
    run.output.list(
      invitations.map(({ expiresAt, ...rest }) => ({ ...rest, expiresAt: isoTime(expiresAt) })),
      () =>
        table(
          ['ID', 'ROLE', 'STATE', 'EXPIRES', 'BY', 'USED BY'],
          invitations.map(({ id, role, state, expiresAt, createdBy, usedBy }) => [
            String(id),
            role,
            state,
            when(expiresAt),
            createdBy ?? 'the server',
            usedBy ?? '',
          ]),
          run.output.style,
        ),
    );
  });
}

export async function createInvitations(run: Run, { count, role, days }: InviteFlags): Promise<void> {
  await withAccount(run, 'needed', async (box) => {
    const urls = await box.admin.createInvitations({ count, role, days });
    run.output.list(
      urls.map((url) => ({ url, role })),
      () => urls.join('\n'),
    );
  });
}

export async function revokeInvitation(run: Run, _flags: Record<never, never>, id: number): Promise<void> {
  await withAccount(run, 'needed', async (box) => {
    await box.admin.revokeInvitation(id);
    run.output.done({ id, revoked: true }, () => `Invitation ${id} is void.`);
  });
}
