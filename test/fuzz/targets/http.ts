import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8, WireFault } from '@sotto/bytes';
import { Secret, sha256 } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { signRelease } from '@sotto/protocol';
import { createLogger, startServer } from '@sotto/server';
import { type Target, Violation } from '../target.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'sotto-fuzz-'));
process.on('exit', () => rmSync(dataDir, { recursive: true, force: true }));
const failures: string[] = [];
const logger = createLogger('error', (line) => void failures.push(line));
const server = await startServer({
  dataDir,
  listen: '127.0.0.1:0',
  web: await writeClient(join(dataDir, 'web')),
  logger,
});
const port = Number(new URL(server.url).port);

const upload = `/v1/uploads/${'0a'.repeat(16)}`;
const blob = `/v1/blobs/${'0a'.repeat(32)}`;
const bearer = `Authorization: Bearer ${'A'.repeat(43)}`;
const tus = 'Tus-Resumable: 1.0.0';
const requests: readonly (readonly string[])[] = [
  ['GET / HTTP/1.1'],
  ['GET /i/0123456789ABCDEFGHJKMNPQRS HTTP/1.1'],
  ['GET /v1/invitations/0123456789ABCDEFGHJKMNPQRS HTTP/1.1'],
  ['GET /v1/health HTTP/1.1', 'Accept: application/json'],
  ['GET /v1/openapi.json HTTP/1.1'],
  ['GET /metrics HTTP/1.1'],
  ['GET /rooms/0a HTTP/1.1', 'Accept: text/html'],
  ['GET /assets/a.js HTTP/1.1', 'Accept-Encoding: gzip, br;q=0', 'If-None-Match: "a", W/"b"'],
  [`OPTIONS ${upload} HTTP/1.1`],
  [`HEAD ${upload} HTTP/1.1`, tus, bearer],
  [`PATCH ${upload} HTTP/1.1`, tus, bearer, 'Upload-Offset: 0', 'Content-Type: application/offset+octet-stream'],
  [`GET ${blob} HTTP/1.1`, bearer, 'Range: bytes=0-9'],
  ['GET /v1/channel HTTP/1.1', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
];

/** A web client of three files. */
async function writeClient(folder: string): Promise<string> {
  const content = utf8('sotto '.repeat(200));
  mkdirSync(join(folder, 'assets'), { recursive: true });
  const assets = ['/index.html', '/service-worker.js', '/assets/a.js'].map((path) => {
    writeFileSync(join(folder, path), content);
    return { path, type: 'text/javascript', size: content.length, hash: sha256(content), inline: [] };
  });
  const key = new Secret(new Uint8Array(32));
  writeFileSync(
    join(folder, 'release.cbor'),
    await signRelease(nodePrimitives(), key, { version: '1', at: 1, assets }),
  );
  return folder;
}

/** A real listener, asked by bytes: tus and blobs, the REST face, the web client, the door of the channel. */
export const http: Target = {
  name: 'http',
  sources: [
    ...['blobs/blob-http', 'rest/invitations', 'rest/health', 'rest/headers', 'web/routes', 'web/encodings'],
    ...['listeners/upgrade', 'listeners/source'],
  ].map((name) => `packages/server/src/${name}.ts`),
  parsers: [
    {
      name: 'request',
      shape: 'text',
      seeds: requests.map(([line = '', ...headers]) =>
        utf8([line, 'Host: a', ...headers, 'Content-Length: 3', '', 'abc'].join('\r\n')),
      ),
      // A listener, a database and the system's own sockets are in it.
      patience: 40,
      parse: async (input) => {
        const answer = await ask(input);
        const [failed] = failures.splice(0);
        if (failed !== undefined) throw new Violation(`logged as its own failure: ${failed.slice(0, 400)}`);
        if (/^HTTP\/1\.1 5\d\d/m.test(answer)) throw new Violation(`answered by ${answer.split('\r\n')[0]}`);
        const [status = 'hung up'] = answer.split('\r\n');
        const problem = /"type":"[^"]*"/.exec(answer)?.[0] ?? '';
        if (!status.includes(' 2')) throw new WireFault('refused', spelled(`${status} ${problem}`));
        return null;
      },
    },
  ],
  close: async () => {
    await server.close();
  },
};

/** Digits do not tell answers apart; those of a status shall. */
function spelled(text: string): string {
  return text.replaceAll(/\d/g, (digit) => String.fromCharCode(97 + Number(digit)));
}

/** Sends the bytes, and that no more come; gives what comes back until the other side ends. */
async function ask(input: Uint8Array): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    answer += text;
  });
  // A reset is an answer like any other: it says no.
  socket.on('error', () => socket.destroy());
  socket.setTimeout(2_000, () => socket.destroy());
  socket.end(input);
  await once(socket, 'close');
  return answer;
}
