import { parseUtf8 } from '@sotto/bytes';
import { PkiWireFault, parsePem } from '@sotto/pki';
import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { CliFault } from '../fault.ts';
import { readInput, writeOutput } from '../files.ts';
import type { SealFlags } from '../routes/vault.ts';
import { addressOf } from './words.ts';

export async function sealContainer(
  { output, world, ...run }: Run,
  { to = [], certificate = [], out }: SealFlags,
): Promise<void> {
  if (to.length + certificate.length === 0) throw new CliFault('usage', 'name a recipient: --to or --certificate');
  if (out === undefined && output.json) throw new CliFault('usage', 'a container is bytes: name a file with --out');
  const addresses = to.map(addressOf);
  const certificates: Uint8Array[] = [];
  for (const path of certificate) certificates.push(readCertificate(await readInput(path, world)));
  const content = await readInput('-', world);
  await withAccount({ output, world, ...run }, addresses.length === 0 ? 'unused' : 'wanted', async (box) => {
    const container = await box.sealContainer({ to: addresses, certificates, content });
    if (out === undefined) return output.raw(container);
    await writeOutput(out, container, { replace: true });
    output.done({ out, bytes: container.length }, () => `Sealed into ${out}.`);
  });
}

/** The status goes to stderr as JSON in any case: stdout belongs to the content. */
export async function openContainer(run: Run, _: Readonly<Record<never, never>>, path: string): Promise<void> {
  const container = await readInput(path, run.world);
  await withAccount(run, 'wanted', async (box) => {
    const { content, status } = await box.openContainer(container);
    run.output.aside(status);
    run.output.raw(content);
  });
}

/** The first certificate of a PEM file. Throws `pem-malformed`. */
function readCertificate(content: Uint8Array): Uint8Array {
  const [first] = parsePem('CERTIFICATE', parseUtf8(content));
  if (first === undefined) throw new PkiWireFault('pem-malformed', 'the file holds no certificate');
  return first;
}
