import { readFile } from 'node:fs/promises';
import type { PolicyState } from '@sotto/keybox';
import { comparePolicies, defaultPolicy, type PolicyValues } from '@sotto/protocol';
import { withAccount } from '../../account.ts';
import type { Run } from '../../command.ts';
import { CliFault } from '../../fault.ts';
import { writeOutput } from '../../files.ts';
import type { PolicyKeyFlags } from '../../routes/admin/policy.ts';
import { readPassphrase } from '../../secrets.ts';
import { table, when } from '../../terminal.ts';
import { isoTime } from '../views.ts';
import { fieldWord, fieldWords, parseChanges, valueWord } from './policy-field.ts';

type None = Record<never, never>;

export async function showPolicy(run: Run): Promise<void> {
  await withAccount(run, 'wanted', async (box) => printPolicy(run, await box.policy.state()));
}

/** For everybody: the rules of the organisation, and a yes to those that wait for one in the version `accept`. */
export async function showOwnPolicy(run: Run, { accept }: { readonly accept?: number }): Promise<void> {
  await withAccount(run, 'wanted', async (box) => {
    printPolicy(run, accept === undefined ? await box.policy.state() : await box.policy.accept(accept));
  });
}

export async function setPolicy(run: Run, _flags: None, ...words: string[]): Promise<void> {
  const changes = parseChanges(words);
  await withAccount(run, 'needed', async (box) => {
    const { changes: coming } = await box.admin.tryPolicy(changes);
    if (coming.length === 0) throw new CliFault('usage', 'the policy says so already');
    const loosened = coming.filter(({ tightness }) => tightness !== 'tighter').map(({ field }) => fieldWord(field));
    if (loosened.length > 0) await run.dialogue.confirm(`This loosens or changes ${loosened.join(', ')}. Publish it?`);
    const version = await box.admin.setPolicy(changes);
    run.output.done({ version, changed: coming.map(({ field }) => field) }, () => `Version ${version} is in force.`);
  });
}

export async function tryPolicy(run: Run, _flags: None, ...words: string[]): Promise<void> {
  const changes = parseChanges(words);
  await withAccount(run, 'needed', async (box) => {
    const { version, accounts, overDevices, changes: coming } = await box.admin.tryPolicy(changes);
    const listed = coming.map(({ field, old, next, tightness, needsConsent }) => ({
      field,
      old: valueWord(old),
      new: valueWord(next),
      effect: tightness,
      needsConsent,
    }));
    run.output.value({ version, changes: listed, affected: { accounts, overDevices } }, () =>
      [
        table(
          ['FIELD', 'NOW', 'THEN', 'EFFECT'],
          listed.map((row) => [
            fieldWord(row.field),
            row.old,
            row.new,
            row.needsConsent ? `${row.effect}, once each user agrees` : row.effect,
          ]),
          run.output.style,
        ),
        `For ${accounts} accounts. Nothing was published.`,
        ...overDevices.map((address) => `${address} has more devices than that; no further one could be added.`),
      ].join('\n'),
    );
  });
}

export async function showHistory(run: Run): Promise<void> {
  await withAccount(run, 'needed', async (box) => {
    let before: PolicyValues = defaultPolicy;
    const versions = (await box.admin.policyHistory()).map(({ version, at, values, suspended }) => {
      const changes = comparePolicies(before, values).map(({ field, tightness }) => ({
        field,
        old: valueWord(before[field]),
        new: valueWord(values[field]),
        effect: tightness,
      }));
      before = values;
      return { version, at: isoTime(at), suspended: suspended.length, changes };
    });
    run.output.list(versions, () =>
      versions
        .map(({ version, at, suspended, changes }) =>
          [
            `${version}  ${at ?? ''}  ${suspended} suspended`,
            ...changes.map((each) => `    ${fieldWord(each.field)}: ${each.old} -> ${each.new} (${each.effect})`),
          ].join('\n'),
        )
        .join('\n'),
    );
  });
}

export async function exportPolicyKey(run: Run, flags: PolicyKeyFlags, path: string): Promise<void> {
  await withAccount(run, 'unused', async (box) => {
    const source = { name: 'Passphrase of the exported key', file: flags.keyPassphraseFile, isNew: true };
    const content = await box.admin.exportPolicyKey(await readPassphrase(source, run));
    await writeOutput(path, content, { replace: flags.force });
    run.output.done({ path, bytes: content.length }, () => `The policy key is in ${path}. Keep it offline.`);
  });
}

export async function importPolicyKey(run: Run, flags: Omit<PolicyKeyFlags, 'force'>, path: string): Promise<void> {
  const content = await readFile(path).catch((cause: unknown) => {
    throw new CliFault('file-unreadable', `${path} cannot be read`, { cause });
  });
  await withAccount(run, 'unused', async (box) => {
    const source = { name: 'Passphrase of the exported key', file: flags.keyPassphraseFile };
    await box.admin.importPolicyKey(Uint8Array.from(content), await readPassphrase(source, run));
    run.output.done({ imported: true }, () => 'The policy key is in this vault.');
  });
}

function printPolicy({ output }: Run, { version, at, inForce, newest, pending }: PolicyState): void {
  const held = new Set<string>(pending.map(({ field }) => field));
  const json = {
    version,
    at: isoTime(at),
    inForce: fieldWords(inForce),
    newest: fieldWords(newest),
    pending: [...held],
  };
  output.value(json, () => {
    const rows = Object.entries(fieldWords(inForce)).map(([field, value]) => [
      fieldWord(field),
      String(value),
      held.has(field) ? `waits for your yes: ${valueWord(newest[field as keyof PolicyValues])}` : '',
    ]);
    const head = version === 0 ? 'No policy was published: the defaults hold.' : `Version ${version} of ${when(at)}`;
    const hint = held.size > 0 ? [`Agree with: sotto account policy --accept ${version}`] : [];
    return [head, table(['FIELD', 'IN FORCE', ''], rows, output.style), ...hint].join('\n');
  });
}
