import { Fault } from '@sotto/bytes';
import type { AuditView, KeyBox } from '@sotto/keybox';
import { withAccount } from '../account.ts';
import { adviceOn } from '../advice.ts';
import type { Run } from '../command.ts';
import { CliFault } from '../fault.ts';
import { keyLogText } from '../key-log-words.ts';
import { progressLine } from '../progress.ts';
import { pairs, table, when } from '../terminal.ts';
import { isoTime } from './views.ts';

export async function checkVault(run: Run): Promise<void> {
  const { output } = run;
  await withAccount(run, 'unused', async (_box, tools) => {
    const view = await tools.checkVault();
    const rows = view.parts.map(({ name, encrypted, evidence, path }) => [
      name,
      encrypted ? 'yes' : 'NO',
      evidence,
      path,
    ]);
    output.value(view, () => table(['PART', 'ENCRYPTED', 'EVIDENCE', 'FILE'], rows, output.style));
    if (!view.encrypted) throw new CliFault('vault-not-encrypted', 'a part of the vault is not encrypted');
  });
}

export async function listKeyLog(run: Run): Promise<void> {
  const { output } = run;
  await withAccount(run, 'unused', async (box) => {
    const entries = (await box.keyLog()).map((view) => ({ ...view, text: keyLogText(view), advice: adviceOn(view) }));
    if (output.json)
      return output.list(
        entries.map(({ at, ...entry }) => ({ at: isoTime(at), ...entry })),
        String,
      );
    const rows = entries.map(({ at, kind, text, code }) => [
      when(at),
      kind,
      code === null ? text : `${text} [${code}]`,
    ]);
    const advice = new Map(
      entries.flatMap(({ kind, code, advice }) => (advice === null ? [] : [[code ?? kind, advice]])),
    );
    output.list(entries, () =>
      [
        table(['TIME', 'KIND', 'WHAT'], rows, output.style),
        ...(advice.size === 0 ? [] : ['', table(['CODE', 'WHAT TO DO'], [...advice], output.style)]),
      ].join('\n'),
    );
  });
}

/** Goes on after what the server is refused for: that is a finding like others. */
export async function runAudit(run: Run): Promise<void> {
  const { output } = run;
  await withAccount(run, 'unused', async (box) => {
    const refused = await box.sync().then(
      ({ online, faults, fault }): readonly Fault[] =>
        online ? faults : [fault ?? new CliFault('unreachable', 'the server is out of reach')],
      (cause: unknown) => [asFinding(cause)],
    );
    const [first] = refused;
    if (first?.code === 'unreachable') throw first;
    const results = [
      ...refused.map(({ code }) => ({ subject: 'server', ok: false, code })),
      ...(await audited(run, box)),
    ];
    const rows = results.map(({ subject, ok, code }) => [ok ? 'ok' : 'FAILED', subject, code ?? '']);
    output.list(results, () => table(['', 'SUBJECT', 'CODE'], rows, output.style));
    const failed = results.filter(({ ok }) => !ok).length;
    if (failed > 0) throw new CliFault('audit-failed', `${failed} of ${results.length} did not pass`);
  });
}

async function audited(run: Run, box: KeyBox): Promise<readonly AuditView[]> {
  const line = progressLine(run);
  const onProgress = (progress: { readonly done: number; readonly total: number }): void =>
    line.onProgress({ phase: 'audit', ...progress });
  try {
    return await box.audit({ onProgress });
  } finally {
    line.end();
  }
}

/** What was verified once more while the account was open, and what failed. */
export async function showAudit(run: Run): Promise<void> {
  const { output } = run;
  await withAccount(run, 'unused', async (box) => {
    const { at, ...coverage } = await box.auditor.coverage();
    const { rooms, roomsDone, entries, entriesDone, failed } = coverage;
    output.value({ ...coverage, at: at === null ? null : isoTime(at) }, () =>
      pairs(
        [
          ['Rooms', `${roomsDone} of ${rooms}`],
          ['Entries', `${entriesDone} of ${entries}`],
          ['Last', at === null ? 'never' : when(at)],
          ...failed.map(({ subject, code }) => ['FAILED', `${subject} [${code}]`] as const),
        ],
        output.style,
      ),
    );
    if (failed.length > 0) throw new CliFault('audit-failed', `${failed.length} of ${rooms} rooms did not pass`);
  });
}

function asFinding(cause: unknown): Fault {
  if (cause instanceof Fault && cause.blame !== 'bug') return cause;
  throw cause;
}
