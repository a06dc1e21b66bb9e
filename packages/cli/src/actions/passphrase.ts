import { checkPassphrase } from '@sotto/keybox';
import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { readPassphrase } from '../secrets.ts';

export type PassphraseFlags = {
  readonly newPassphraseFile?: string;
  readonly roaming?: 'on' | 'off';
};

/** Asks for the new passphrase once the old one has unlocked the account. */
export async function changePassphrase(run: Run, { newPassphraseFile, roaming }: PassphraseFlags): Promise<void> {
  await withAccount(run, 'needed', async (box) => {
    const devices = await box.devices.list();
    const hasRoaming = devices.some(({ kind, state }) => kind === 'roaming' && state === 'active');
    const source = { name: 'New passphrase', file: newPassphraseFile, isNew: true, check: checkPassphrase };
    const passphrase = await readPassphrase(source, run);
    checkPassphrase(passphrase);
    await box.devices.changePassphrase({ passphrase, roaming: roaming ?? (hasRoaming ? 'on' : 'off') });
    run.output.done({ changed: true }, () =>
      [
        'The passphrase is changed. The old one opens nothing that is written from now on.',
        'Your other devices ask for the new one at their next start.',
      ].join('\n'),
    );
  });
}
