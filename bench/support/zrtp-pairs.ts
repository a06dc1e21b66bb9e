import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { nodePacketCiphers, nodePrimitives } from '@sotto/crypto/node';
import { type ZrtpEvent, ZrtpStream } from '@sotto/zrtp';
import { foreignFolders } from '../../scripts/foreign.ts';
import { cpuSeconds } from './process-use.ts';

/** The same algorithms at both. */
const NAMES = { hashes: ['S256'], ciphers: ['AES1'], authTags: ['HS80'], agreements: ['X255'], sasTypes: ['B32'] };

/** Two of our ends agree on keys; nothing but calls of functions lies between them. */
export function ownHandshake(): void {
  const { randomBytes } = nodePrimitives();
  const common = { ciphers: nodePacketCiphers, randomBytes, client: 'bench', choices: NAMES };
  const ends = [1, 2].map(
    (source) => new ZrtpStream({ ...common, zid: randomBytes(12), source, peerHelloHash: null, session: null }),
  ) as [ZrtpStream, ZrtpStream];
  const waiting: { readonly to: number; readonly packet: Uint8Array }[] = [];
  let secure = 0;
  const handle = (from: number, events: readonly ZrtpEvent[]): void => {
    for (const event of events) {
      if (event.kind === 'send') waiting.push({ to: 1 - from, packet: event.packet });
      if (event.kind === 'secrets-wanted') handle(from, (ends[from] as ZrtpStream).provideSecrets(NOTHING, 0));
      if (event.kind === 'secure') secure += 1;
    }
  };
  for (const from of [0, 1]) handle(from, (ends[from] as ZrtpStream).start(0));
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
    handle(next.to, (ends[next.to] as ZrtpStream).receive(next.packet, 0));
  if (secure !== 2) throw new Error('no keys');
  for (const end of ends) end[Symbol.dispose]();
}

/** libbzrtp's ends as two processes; null where its source is not. */
export class BzrtpPair implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sotto-bzrtp-'));
  readonly #program = join(this.#folder, 'bzpeer');

  static build(): BzrtpPair | null {
    const source = join(foreignFolders()['SOTTO_PEERS'] ?? 'none', 'bzpeer.c');
    if (!existsSync(source)) return null;
    const pair = new BzrtpPair();
    const words = ['-O2', '-o', pair.#program, source, '-lbzrtp', '-lbctoolbox', '-lsqlite3'];
    if (spawnSync('gcc', words, { stdio: 'inherit' }).status !== 0) throw new Error('bzpeer.c was not built');
    return pair;
  }

  /** Seconds of processors that both ends took from their start until both had keys. */
  async handshake(): Promise<number> {
    const [one, other] = [await freePort(), await freePort()];
    const spent = await Promise.all([this.#end(one, other, 17), this.#end(other, one, 18)]);
    return spent.reduce((sum, each) => sum + each, 0);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }

  async #end(own: number, other: number, source: number): Promise<number> {
    const names = Object.values(NAMES).flat().join(',');
    const words = ['--udp', String(own), String(other), '--ssrc', String(source), '--algos', names];
    const child = spawn(this.#program, words, { stdio: ['pipe', 'pipe', 'ignore'] });
    let started = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      const { ev } = JSON.parse(line);
      if (ev === 'start') started = cpuSeconds(child.pid as number);
      if (ev === 'secure') break;
    }
    const spent = cpuSeconds(child.pid as number) - started;
    // Whoever is done first still answers the other.
    setTimeout(() => child.stdin.end('quit\n'), 300);
    return spent;
  }
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  socket.close();
  return port;
}

const NOTHING = { rs1: null, rs2: null, aux: null, verified: false };
