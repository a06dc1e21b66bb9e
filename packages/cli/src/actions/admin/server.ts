import { hex } from '@sotto/bytes';
import type { KeyBox } from '@sotto/keybox';
import type { AuditEntry } from '@sotto/protocol';
import { openAccount, withAccount } from '../../account.ts';
import type { Run } from '../../command.ts';
import type { AuditFlags } from '../../routes/admin/server.ts';
import { pairs, printableLine, table, when } from '../../terminal.ts';
import { isoTime } from '../views.ts';

export async function listSessions(run: Run): Promise<void> {
  await withAccount(run, 'needed', async (box) => {
    const sessions = await box.admin.sessions();
    run.output.list(
      sessions.map(({ since, ...rest }) => ({ ...rest, since: isoTime(since) })),
      () =>
        table(
          ['ID', 'ACCOUNT', 'DEVICE', 'SINCE', 'SOURCE'],
          sessions.map(({ id, address, device, kind, since, source }) => [
            String(id),
            address ?? kind,
            device ?? '',
            when(since),
            source,
          ]),
          run.output.style,
        ),
    );
  });
}

export async function endSession(run: Run, _flags: Record<never, never>, id: number): Promise<void> {
  await withAccount(run, 'needed', async (box) => {
    await box.admin.endSession(id);
    run.output.done({ id, ended: true }, () => `Connection ${id} is cut.`);
  });
}

export async function readAudit(run: Run, flags: AuditFlags): Promise<void> {
  if (flags.verify) return verifyAudit(run);
  const stopped = run.world.stopped();
  const account = await openAccount(run);
  try {
    const { box } = account;
    let next = flags.from ?? Math.max(0, (await box.admin.auditLength()) - flags.last);
    const names = await namesOf(box);
    for (;;) {
      const entries = await box.admin.audit(next);
      next += entries.length;
      print(run, entries, names);
      if (!flags.follow || stopped.aborted) return;
      await pause(stopped);
    }
  } finally {
    await account.close();
  }
}

async function verifyAudit(run: Run): Promise<void> {
  await withAccount(run, 'needed', async (box) => {
    const entries = (await box.admin.audit(0)).length;
    run.output.value({ entries, verified: true }, () => `${entries} entries, one unbroken chain under a signed head.`);
  });
}

export async function showStatistics(run: Run): Promise<void> {
  await withAccount(run, 'needed', async (box) => {
    const { at, accounts, devices, connected, rooms, entries, storageBytes, mailboxItems } =
      await box.admin.statistics();
    const days = entries.map(({ day, count }) => ({ day: new Date(day).toISOString().slice(0, 10), count }));
    const answer = { at: isoTime(at), accounts, devices, connected, rooms, entries: days, storageBytes, mailboxItems };
    run.output.value(answer, () =>
      pairs(
        [
          ['Accounts', Object.entries(accounts).map(amount).join(', ')],
          ['Devices', `${devices}, ${connected} connected`],
          ['Rooms', Object.entries(rooms).map(amount).join(', ')],
          ...days.map(({ day, count }, i): [string, string] => [i === 0 ? 'Entries' : '', `${day}  ${count}`]),
          ['Room logs', `${storageBytes} bytes`],
          ['Waiting', `${mailboxItems} items in mailboxes`],
        ],
        run.output.style,
      ),
    );
  });
}

function amount([name, count]: readonly [string, number]): string {
  return `${count} ${name}`;
}

function print({ output }: Run, entries: readonly AuditEntry[], names: ReadonlyMap<string, string>): void {
  if (entries.length === 0) return;
  const rows = entries.map(({ n, at, actor, event, subject, detail }) => {
    const by = actor === null ? null : hex(actor);
    return { n, at: isoTime(at), actor: by, by: by === null ? null : (names.get(by) ?? null), event, subject, detail };
  });
  output.list(rows, () =>
    rows
      .map(({ n, event, subject, detail, actor, by }, i) => {
        const facts = Object.entries(detail).map(([name, value]) => `${name}=${value}`);
        const who = actor === null ? '' : `by ${by ?? actor.slice(0, 16)}`;
        const parts = [String(n), when(entries[i]?.at ?? 0), event, subject ?? '', ...facts, who];
        return printableLine(parts.filter((part) => part !== '').join('  '));
      })
      .join('\n'),
  );
}

async function namesOf(box: KeyBox): Promise<ReadonlyMap<string, string>> {
  const users = await box.admin.users();
  return new Map(
    users.flatMap(({ fingerprint, address }) => (fingerprint === null ? [] : [[hex(fingerprint), address]])),
  );
}

/** A moment, or until the command is asked to end. */
function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, FOLLOW_MILLISECONDS);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

const FOLLOW_MILLISECONDS = 1000;
