import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { auditEntry, auditRoot } from '@sotto/protocol';
import { afterEach, assert, beforeEach, describe, onTestFinished, test } from 'vitest';
import { systemTimer } from '../../adapters/clock.ts';
import { refusal, TestHome } from '../../home.fixture.ts';
import { createLogger } from '../../log.ts';
import { temporaryFolder } from '../../running.fixture.ts';
import { appendAudit } from '../audit.ts';
import { type AuditExportOptions, startAuditExport } from './exporter.ts';
import { exportedEntry } from './sink.ts';
import { syslogMessage } from './syslog.ts';

let home: TestHome;
beforeEach(async () => {
  home = await TestHome.open();
});
afterEach(() => home.close());

describe('a file', () => {
  test('gets every entry once, over stops and a torn line', async () => {
    const auditLog = join(temporaryFolder(), 'audit.jsonl');
    await tell(3);
    await exporting({ auditLog });
    appendFileSync(auditLog, '{"n":3,"at":"2026-');
    await tell(500);
    await exporting({ auditLog });
    await exporting({ auditLog });
    assert.deepEqual(
      positions(readFileSync(auditLog, 'utf8')),
      Array.from({ length: 503 }, (_, i) => i),
    );
  });

  test('of another log, or of another past of this one, is not gone on with', async () => {
    const auditLog = join(temporaryFolder(), 'audit.jsonl');
    await tell(2);
    await exporting({ auditLog });
    const kept = readFileSync(auditLog, 'utf8');
    for (const content of [
      kept.replace(/"hash":"..../g, '"hash":"0000'),
      'not of ours\n',
      `${kept}{"n":9,"hash":"00"}\n`,
    ]) {
      writeFileSync(auditLog, content);
      assert.strictEqual(await refusal(exporting({ auditLog })), 'audit-log-unusable');
      assert.strictEqual(readFileSync(auditLog, 'utf8'), content);
    }
    writeFileSync(auditLog, kept);
    assert.isNull(await refusal(exporting({ auditLog })));
    assert.strictEqual(await refusal(exporting({ auditLog: '/proc/no/such/file' })), 'audit-log-unusable');
  });
});

describe('a syslog receiver', () => {
  test('gets messages of RFC 5424', () => {
    const entry = { v: 1, n: 7, at: Date.UTC(2026, 0, 5, 8), actor: null, subject: 'a1b2', prev: auditRoot } as const;
    const encoded = auditEntry.encode({ ...entry, event: 'sign-in.failed', detail: { failures: 3 } });
    const message = syslogMessage(exportedEntry(encoded), { host: 'example.org' });
    assert.match(message, /^<109>1 2026-01-05T08:00:00\.000Z example\.org sotto-server - sign-in\.failed - \{"n":7,/);
    assert.notInclude(message, '\n');
  });

  test('over TCP gets every entry once, counted, also when it was down', async () => {
    const received: Buffer[] = [];
    const sockets: Socket[] = [];
    const arrived = async (count: number): Promise<void> => {
      while (counted(Buffer.concat(received)).length < count) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('data', (data: Buffer) => received.push(data));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const auditSyslog = [`tcp://127.0.0.1:${port}`];
    await tell(2);
    await exporting({ auditSyslog });
    await arrived(2);
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
    await tell(2);
    await exporting({ auditSyslog });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    await exporting({ auditSyslog });
    await arrived(4);
    assert.deepEqual(
      counted(Buffer.concat(received)).map((message) => JSON.parse(message.slice(message.indexOf('{'))).n),
      [0, 1, 2, 3],
    );
  });

  test('over UDP gets a datagram each', async () => {
    const socket = createSocket('udp4');
    const received: string[] = [];
    const both = new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        received.push(data.toString('utf8'));
        if (received.length === 2) resolve();
      });
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    onTestFinished(() => void socket.close());
    await tell(2);
    await exporting({ auditSyslog: [`udp://127.0.0.1:${socket.address().port}`] });
    await both;
    assert.sameMembers(
      received.map((message) => message.split(' ').slice(3, 6).join(' ')),
      ['sotto-server - invitation.created', 'sotto-server - invitation.created'],
    );
  });

  test('is named by a URL of a kind that is known', async () => {
    for (const url of ['http://127.0.0.1', 'tcp://', 'unix:relative', 'audit.jsonl']) {
      assert.strictEqual(await refusal(exporting({ auditSyslog: [url] })), 'audit-log-unusable');
    }
  });
});

/** Starts to export and stops: what is there then was handed over. */
async function exporting(options: AuditExportOptions): Promise<void> {
  const { store, cluster } = home;
  const context = { store, logger: createLogger('silent'), timer: systemTimer, domain: cluster.domain };
  await (await startAuditExport(options, context))();
}

async function tell(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const note = { at: home.now(), actor: null, event: 'invitation.created', detail: { i } } as const;
    await home.store.transact((database) => appendAudit(database, note));
  }
}

function positions(lines: string): number[] {
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).n);
}

/** Messages of a stream with octet counting. */
function counted(stream: Buffer): string[] {
  const space = stream.indexOf(0x20);
  if (space < 0) return [];
  const end = space + 1 + Number(stream.subarray(0, space).toString());
  return end > stream.length ? [] : [stream.subarray(space + 1, end).toString(), ...counted(stream.subarray(end))];
}
