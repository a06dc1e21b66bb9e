import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { hex, parseHex } from '@sotto/bytes';
import type { Secret } from '@sotto/crypto';
import { nodePacketCiphers, nodePrimitives } from '@sotto/crypto/node';
import { type Agreed, type Choices, type KnownSecrets, type ZrtpEvent, ZrtpStream } from '@sotto/zrtp';
import { assert } from 'vitest';

const { randomBytes } = nodePrimitives();

/** Compiles the peer into a folder and gives its path. */
export function compilePeer(source: string, folder: string): string {
  const program = join(folder, 'bzpeer');
  const libraries = ['-lbzrtp', '-lbctoolbox', '-lsqlite3'];
  const { status, stderr } = spawnSync('gcc', ['-O1', '-o', program, source, ...libraries], { encoding: 'utf8' });
  assert.strictEqual(status, 0, stderr);
  return program;
}

export interface CallOptions {
  readonly choices: Choices;
  /** Of the peer; those of `choices` unless told. */
  readonly algorithms?: string;
  readonly zid?: Uint8Array<ArrayBuffer>;
  /** What we kept. */
  readonly known?: Partial<KnownSecrets>;
  /** What our end is told of the peer's Hello. */
  readonly peerHelloHash?: string;
  /** Secret of the signalling that the peer has, in hexadecimal. */
  readonly theirAux?: string;
  /** Database in which the peer keeps what it learns. */
  readonly theirCache?: string;
  /** What the peer is told of our Hello. */
  readonly ownHelloHash?: 'right' | 'wrong';
  /** How much faster our clock is. */
  readonly haste?: number;
}

/** What the peer says of one stream. */
export interface Theirs {
  readonly sas: string;
  readonly verified: number;
  /** 0 for the same secret of the signalling, 1 for another, 2 where it has none. */
  readonly aux: number;
  readonly cacheMismatch: number;
  readonly selfKey: string;
  readonly peerKey: string;
  readonly exported: string;
}

/** One stream of ours, and what became of it on both ends. */
export interface Conversation {
  readonly stream: ZrtpStream;
  readonly agreed: Promise<Agreed>;
  readonly failed: Promise<string>;
  readonly theirs: Promise<Theirs>;
  /** The newest secret to keep. */
  readonly kept: () => { readonly rs1: Secret; readonly verified: boolean } | null;
}

export interface Call extends Conversation, AsyncDisposable {
  /** Lets both people have compared. */
  verify(): void;
  /** A further stream of the same call. */
  further(): Conversation;
  /** When the peer refuses a message of this type. */
  refused(type: string): Promise<void>;
}

/** One call: packets both ways in hexadecimal, and what each end says of it. */
export function converse(program: string, options: CallOptions): Call {
  const { choices, algorithms, theirAux, theirCache, ownHelloHash } = options;
  const names = [choices.hashes, choices.ciphers, choices.agreements, choices.sasTypes, choices.authTags].flat();
  const first = new Line(options, null, { own: OWN_SOURCE, theirs: THEIR_SOURCE });
  const words = ['--stdio', '--ssrc', `${THEIR_SOURCE}`, '--algos', algorithms ?? names.join(',')];
  if (theirAux !== undefined) words.push('--aux', theirAux);
  if (theirCache !== undefined) words.push('--cache', theirCache, 'sip:bob@example.org', 'sip:alice@example.org');
  if (ownHelloHash === 'right') words.push('--peer-hello-hash', first.stream.helloHash);
  if (ownHelloHash === 'wrong') words.push('--peer-hello-hash', `1.10 ${'0'.repeat(64)}`);
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(program, words, {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const say = (line: string): void => void child.stdin.write(`${line}\n`);
  const lines = [first];
  const refused = new Map<string, PromiseWithResolvers<void>>();
  const refusal = (type: string): PromiseWithResolvers<void> => {
    const known = refused.get(type) ?? Promise.withResolvers<void>();
    refused.set(type, known);
    return known;
  };
  createInterface({ input: child.stdout }).on('line', (text) => {
    const said = JSON.parse(text);
    if (said.ev === 'rx' && said.rc !== 0) refusal(said.type.trimEnd()).resolve();
    for (const line of lines) line.hear(said);
  });
  first.start(say);
  const timer = setInterval(() => {
    for (const line of lines) line.tick();
  }, 10);
  return {
    ...first.conversation,
    verify() {
      say('verify');
      first.verify();
    },
    further() {
      const sources = { own: OWN_SOURCE + lines.length, theirs: THEIR_SOURCE + lines.length };
      const line = new Line(options, first.stream, sources);
      lines.push(line);
      say(`addchannel ${sources.theirs}`);
      line.start(say);
      return line.conversation;
    },
    refused: (type) => refusal(type).promise,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      child.stdin.end('quit\n');
      await new Promise((resolve) => child.once('close', resolve));
    },
  };
}

/** A stream of ours, and that of the peer which it talks with. */
class Line {
  readonly stream: ZrtpStream;
  readonly conversation: Conversation;
  readonly #known: KnownSecrets;
  readonly #isFurther: boolean;
  readonly #sources: { readonly own: number; readonly theirs: number };
  readonly #agreed = Promise.withResolvers<Agreed>();
  readonly #failed = Promise.withResolvers<string>();
  readonly #theirs = Promise.withResolvers<Theirs>();
  #say: (line: string) => void = () => undefined;
  #facts: Partial<Theirs> = {};
  #kept: ReturnType<Conversation['kept']> = null;

  readonly #haste: number;

  constructor(
    { choices, zid, known, peerHelloHash, haste = 1 }: CallOptions,
    first: ZrtpStream | null,
    sources: { readonly own: number; readonly theirs: number },
  ) {
    this.#known = { rs1: null, rs2: null, verified: false, aux: null, ...known };
    this.#sources = sources;
    this.#haste = haste;
    this.#isFurther = first !== null;
    this.stream = new ZrtpStream({
      ciphers: nodePacketCiphers,
      randomBytes,
      client: 'sotto test',
      zid: zid ?? randomBytes(12),
      choices,
      source: sources.own,
      peerHelloHash: peerHelloHash ?? null,
      session: first?.session ?? null,
    });
    this.conversation = {
      stream: this.stream,
      agreed: this.#agreed.promise,
      failed: this.#failed.promise,
      theirs: this.#theirs.promise,
      kept: () => this.#kept,
    };
  }

  start(say: (line: string) => void): void {
    this.#say = say;
    this.#handle(this.stream.start(this.#now));
  }

  tick(): void {
    this.#handle(this.stream.tick(this.#now));
  }

  verify(): void {
    this.#handle(this.stream.sasVerified());
  }

  // biome-ignore lint/suspicious/noExplicitAny: lines of the peer.
  hear(said: any): void {
    const { theirs } = this.#sources;
    if (said.ev === 'tx' && Number.parseInt(said.hex.slice(16, 24), 16) === theirs)
      this.#handle(this.stream.receive(parseHex(said.hex), this.#now));
    if ((said.ev === 'secrets' || said.ev === 'secure') && said.ssrc === theirs)
      this.#facts = { ...this.#facts, ...said };
    if (said.ev === 'export-ready' && !this.#isFurther) this.#facts = { ...this.#facts, exported: said.key };
    const { sas, selfKey, peerKey, exported, cacheMismatch } = this.#facts;
    const needed: unknown[] = [sas, selfKey, peerKey];
    // After a mismatch it exports nothing until the person has compared.
    if (!this.#isFurther && cacheMismatch !== 1) needed.push(exported);
    if (needed.every((fact) => fact !== undefined)) this.#theirs.resolve(this.#facts as Theirs);
  }

  get #now(): number {
    return performance.now() * this.#haste;
  }

  #handle(events: readonly ZrtpEvent[]): void {
    for (const event of events) {
      if (event.kind === 'send') this.#say(`rx ${hex(event.packet)}`);
      if (event.kind === 'secrets-wanted') this.#handle(this.stream.provideSecrets(this.#known, this.#now));
      if (event.kind === 'secure') this.#agreed.resolve(event.agreed);
      if (event.kind === 'keep-secret') this.#kept = event;
      if (event.kind === 'failed') this.#failed.resolve(event.fault.code);
    }
  }
}

const OWN_SOURCE = 0x9999;
const THEIR_SOURCE = 0x1234;
