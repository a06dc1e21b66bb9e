import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { grouped, pairs } from '../terminal.ts';
import { accountText } from './views.ts';

export async function showAccount(run: Run): Promise<void> {
  await withAccount(run, 'wanted', async (box) => {
    const view = await box.showAccount();
    run.output.value(view, () => accountText(view, run.output.style));
  });
}

export async function showCard({ output, ...run }: Run): Promise<void> {
  await withAccount({ output, ...run }, 'unused', async (box) => {
    const view = await box.card();
    output.value(view, () =>
      pairs(
        [
          ['Address', view.address],
          ['Fingerprint', grouped(view.fingerprint)],
          ['Digits', view.digits],
          ['Server', view.server],
          ['CA', grouped(view.caFingerprint)],
        ],
        output.style,
      ),
    );
  });
}

export async function createInvitations(run: Run, { count }: { readonly count: number }): Promise<void> {
  await withAccount(run, 'needed', async (box) => {
    const urls = await box.createInvitations(count);
    run.output.list(
      urls.map((url) => ({ url })),
      () => urls.join('\n'),
    );
  });
}
