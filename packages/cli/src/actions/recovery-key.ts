import { rm } from 'node:fs/promises';
import { Fault } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import { KeyboxPolicyFault, type KitProof, openRoamingDevice } from '@sotto/keybox';
import { nodePlatform } from '@sotto/keybox-node';
import { formatRecoveryKey, parseRecoveryKey } from '@sotto/protocol';
import { type OpenAccount, withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { CliFault } from '../fault.ts';
import { readInput, writeOutput } from '../files.ts';
import { kitFile } from '../kit/file.ts';
import type { RecoveryKit } from '../kit/recovery-kit.ts';
import { kitText } from '../kit/text.ts';
import { passphraseFile, suiteModules } from '../profile.ts';
import type { RecoveryKeyFlags } from '../routes/enrol.ts';
import { readPassphrase } from '../secrets.ts';
import { fingerprintOf } from './words.ts';

/** Makes a recovery kit, shows it once or writes it to a file, and puts it in force. */
export async function makeRecoveryKey(run: Run, flags: RecoveryKeyFlags): Promise<void> {
  const { output } = run;
  await withAccount(run, 'needed', async (box) => {
    const isReplaced = await box.enrolments.hasRecoveryKey();
    if (isReplaced && !flags.replace) {
      throw new CliFault('usage', 'a recovery kit is in force: --replace makes a new one, which ends it');
    }
    const proof = isReplaced ? await proofOf(run, flags, await box.card()) : {};
    const { kit } = await issueKit(run, box, { out: flags.out, proof });
    const { out } = flags;
    if (out !== undefined) {
      output.done({ out, inForce: true }, () => `The kit is in ${out}: print it, then delete the file.`);
    } else if (output.json) output.value(kit, () => '');
    else output.note('The kit is in force. It is shown this once: print it or write it down.');
  });
}

/** Makes a kit that a sign-in elsewhere takes beside the passphrase. */
export async function bindKit(
  run: Run,
  box: KitBox,
  { passphrase, out }: { readonly passphrase: string; readonly out?: string | undefined },
): Promise<void> {
  if (out === undefined && run.common.json) throw new CliFault('usage', 'name a file for the kit with --kit');
  const { bytes } = await issueKit(run, box, { out, proof: {} });
  await box.enrolments.bindRoaming(bytes, passphrase);
  if (out !== undefined) run.output.note(`The recovery kit is in ${out}: print it, then delete the file.`);
}

type KitBox = Pick<OpenAccount['box'], 'card' | 'enrolments'>;

async function issueKit(
  run: Run,
  box: KitBox,
  { out, proof }: { readonly out: string | undefined; readonly proof: KitProof },
): Promise<{ readonly kit: RecoveryKit; readonly bytes: Uint8Array }> {
  const { common, output, world } = run;
  const { primitives } = await nodePlatform({ suiteModules: suiteModules(common, world.env) });
  const bytes = primitives.randomBytes(16);
  using key = new Secret(bytes);
  const { address, fingerprint, server, caFingerprint } = await box.card();
  const recoveryKey = formatRecoveryKey(key);
  const kit: RecoveryKit = { address, fingerprint, server, caFingerprint, recoveryKey, madeAt: Date.now() };
  // The kit is where its owner keeps it before it counts: one that nobody has could not be replaced by itself.
  if (out !== undefined) await writeOutput(out, kitFile(out, kit), { replace: false });
  else if (!common.json) world.stdout.write(`${kitText(kit)}\n`);
  try {
    await box.enrolments.setRecoveryKey(bytes, proof);
  } catch (cause) {
    if (out !== undefined) await rm(out, { force: true });
    else output.note('This kit is not in force; throw it away.');
    throw cause;
  }
  return { kit, bytes };
}

/** The key in a file: its first line, or wherever in a kit it stands. Throws `recovery-key-malformed`, `file-unreadable`. */
export async function readRecoveryKey(run: Run, path: string): Promise<Secret> {
  const text = new TextDecoder().decode(await readInput(path, run.world));
  const [line = ''] = text.split('\n');
  return parseRecoveryKey(/[0-9A-Za-z]{4}(?:-[0-9A-Za-z]{4}){7}/.exec(text)?.[0] ?? line);
}

/** The old key if it is at hand, else the roaming device, which takes the passphrase once more. */
async function proofOf(
  run: Run,
  { recoveryKeyFile }: RecoveryKeyFlags,
  card: { readonly address: string; readonly server: string; readonly caFingerprint: string },
): Promise<KitProof> {
  const { common, world } = run;
  if (recoveryKeyFile !== undefined) {
    using old = await readRecoveryKey(run, recoveryKeyFile);
    return { oldKey: old.unsafeExpose('opens the kit that ends') };
  }
  const passphrase = await readPassphrase({ name: 'Passphrase', file: passphraseFile(common, world.env) }, run);
  const platform = await nodePlatform({ suiteModules: suiteModules(common, world.env) });
  const place = {
    address: card.address as never,
    server: card.server,
    caFingerprint: fingerprintOf(card.caFingerprint),
  };
  try {
    return { roaming: await openRoamingDevice(platform, { ...place, passphrase }) };
  } catch (cause) {
    if (!(cause instanceof Fault) || (cause.code !== 'roaming-off' && cause.code !== 'kit-needed')) throw cause;
    throw new KeyboxPolicyFault('second-signer-needed', 'replacing a kit takes the old one, or roaming', { cause });
  }
}
