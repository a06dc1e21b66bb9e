import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { writeOutput } from '../files.ts';
import { readPassphrase } from '../secrets.ts';

export async function printCertificate(run: Run, { use }: { readonly use: 'encryption' | 'signature' }): Promise<void> {
  await withAccount(run, 'unused', async (box) => {
    const pem = await box.certificate(use);
    run.output.value({ use, pem }, () => pem);
  });
}

export type ExportFlags = {
  readonly p12: string;
  readonly exportPassphraseFile?: string;
  readonly force: boolean;
};

export async function exportKeys(run: Run, { p12, exportPassphraseFile, force }: ExportFlags): Promise<void> {
  await withAccount(run, 'unused', async (_box, tools) => {
    const source = { name: 'Passphrase of the key file', file: exportPassphraseFile, isNew: true };
    const content = await tools.exportKeyFile(await readPassphrase(source, run));
    await writeOutput(p12, content, { replace: force });
    run.output.done({ p12, bytes: content.length }, () => `Keys and certificates are in ${p12}.`);
  });
}
