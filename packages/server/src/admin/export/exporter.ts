import { hex } from '@sotto/bytes';
import { auditHash, type ChannelTimer } from '@sotto/protocol';
import { errorFacts, type Logger } from '../../log.ts';
import type { Database, Store } from '../../store/store.ts';
import { auditEntries } from '../audit.ts';
import { openFileSink } from './file-sink.ts';
import { type AuditSink, exportedEntry } from './sink.ts';
import { openSyslogSink } from './syslog-sink.ts';

export interface AuditExportOptions {
  /** Path of a file of JSON lines. */
  readonly auditLog?: string | undefined;
  /** Syslog receivers. */
  readonly auditSyslog?: readonly string[] | undefined;
}

interface ExporterContext {
  readonly store: Store;
  readonly logger: Logger;
  readonly timer: ChannelTimer;
  readonly domain: string;
}

/** Hands the audit log on as it grows. The function that it gives hands over what is left, and ends it. */
export async function startAuditExport(
  { auditLog, auditSyslog = [] }: AuditExportOptions,
  context: ExporterContext,
): Promise<() => Promise<void>> {
  const { store, domain } = context;
  const sinks: AuditSink[] = auditSyslog.map((url) => openSyslogSink(url, domain));
  if (auditLog !== undefined)
    sinks.push(await openFileSink(auditLog, (n) => store.read((database) => hashAt(database, n))));
  const exporters = sinks.map((sink) => new Exporter(sink, context));
  for (const exporter of exporters) exporter.start();
  return async () => {
    for (const exporter of exporters) await exporter.stop();
  };
}

/** One outside log: it is tried again for as long as it takes, and never holds the server up. */
class Exporter {
  readonly #sink: AuditSink;
  readonly #context: ExporterContext;
  #cancel: () => void = () => undefined;
  #working: Promise<void> = Promise.resolve();
  #stopped = false;
  #failures = 0;

  constructor(sink: AuditSink, context: ExporterContext) {
    this.#sink = sink;
    this.#context = context;
  }

  start(): void {
    if (this.#stopped) return;
    this.#working = this.#attempt();
    void this.#working.then(() => {
      if (this.#stopped) return;
      const wait = Math.min(INTERVAL_MILLISECONDS * 2 ** this.#failures, MAX_WAIT_MILLISECONDS);
      this.#cancel = this.#context.timer.after(wait, () => this.start());
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#working;
    await this.#attempt();
    await this.#sink.close();
  }

  async #attempt(): Promise<void> {
    try {
      await this.#drain();
      this.#failures = 0;
    } catch (error) {
      this.#failures = Math.min(this.#failures + 1, 10);
      this.#context.logger.error('audit-export-failed', errorFacts(error));
    }
  }

  async #drain(): Promise<void> {
    const { store } = this.#context;
    for (;;) {
      const own = await this.#sink.next();
      const from = own ?? (await store.read((database) => cursorOf(database, this.#sink.name)));
      const entries = await store.read((database) => auditEntries(database, { from, limit: BATCH }));
      if (entries.length === 0) return;
      await this.#sink.write(entries.map(exportedEntry));
      const next = from + entries.length;
      if (own === null) await store.transact((database) => moveCursor(database, { name: this.#sink.name, next }));
    }
  }
}

async function cursorOf(database: Database, name: string): Promise<number> {
  const row = await database.selectFrom('audit_exports').select('next').where('name', '=', name).executeTakeFirst();
  return row?.next ?? 0;
}

async function moveCursor(database: Database, row: { readonly name: string; readonly next: number }): Promise<void> {
  await database
    .insertInto('audit_exports')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ next: row.next }))
    .execute();
}

async function hashAt(database: Database, n: number): Promise<string | null> {
  const [entry] = await auditEntries(database, { from: n, limit: 1 });
  return entry === undefined ? null : hex(auditHash(entry));
}

const BATCH = 200;
const INTERVAL_MILLISECONDS = 250;
const MAX_WAIT_MILLISECONDS = 60_000;
