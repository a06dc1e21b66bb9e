import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { databaseWords } from './database.ts';
import { type Ended, type Running, root, startProgram } from './program.ts';

/** The first line that `sotto-server start --json` prints. */
export interface FirstLine {
  readonly url: string;
  readonly nativeUrl: string;
  readonly domain: string;
  readonly caFingerprint: string;
  readonly invitation?: string;
}

export interface HomeServerOptions {
  /** Data directory. */
  readonly data: string;
  readonly logLevel?: string;
  /** URL; that of the engine under test if it is missing. */
  readonly database?: string;
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** `bin/sotto-server` as a process: started, stopped, killed and started again on the same data and ports. */
export class HomeServer implements AsyncDisposable {
  readonly options: HomeServerOptions;
  #running: Running | null = null;
  #line: FirstLine | null = null;
  #said = '';

  private constructor(options: HomeServerOptions) {
    this.options = options;
  }

  static async start(options: HomeServerOptions): Promise<HomeServer> {
    const database = options.database === undefined ? await databaseWords() : ['--database', options.database];
    const server = new HomeServer({ ...options, words: [...database, ...(options.words ?? [])] });
    await server.start();
    return server;
  }

  get line(): FirstLine {
    if (this.#line === null) throw new Error('the server has not started yet');
    return this.#line;
  }

  get invitation(): string {
    if (this.line.invitation === undefined) throw new Error('the server has an owner already');
    return this.line.invitation;
  }

  /** Of the run that goes on; undefined between two. */
  get pid(): number | undefined {
    return this.#running?.child.pid;
  }

  /** Everything that all its runs wrote to standard output and standard error. */
  get said(): string {
    return this.#said + this.#present();
  }

  async start(): Promise<void> {
    const running = this.#spawn();
    const first = createInterface({ input: running.child.stdout as NodeJS.ReadableStream });
    const printed = await Promise.race([once(first, 'line'), running.ended]);
    if (!Array.isArray(printed)) throw new Error(`the server did not start: ${printed.stderr}`);
    this.#line = JSON.parse(printed[0]);
  }

  /** Starts it and kills it before it may have got anywhere. */
  async startAndKill(afterMilliseconds: number): Promise<void> {
    this.#spawn();
    await setTimeout(afterMilliseconds);
    await this.kill();
  }

  /** SIGTERM; resolves with the exit code. */
  async stop(): Promise<number | null> {
    return (await this.#end('SIGTERM')).code;
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Resolves when it has died by a signal of its own; throws if it ends in another way. */
  async died(): Promise<void> {
    const { code, stderr } = await (this.#running as Running).ended;
    this.#said = this.said;
    this.#running = null;
    if (code !== null) throw new Error(`the server ended with ${code}: ${stderr}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#running !== null) await this.kill();
  }

  #spawn(): Running {
    const { data, logLevel = 'warn', words = [], env = {} } = this.options;
    const line = ['start', '--data', data, '--log-level', logLevel, ...words, '--json'];
    const running = startProgram(`${root}bin/sotto-server`, line, { env });
    this.#running = running;
    return running;
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<Ended> {
    const running = this.#running;
    if (running === null) throw new Error('the server does not run');
    running.child.kill(signal);
    const ended = await running.ended;
    this.#said = this.said;
    this.#running = null;
    return ended;
  }

  #present(): string {
    return this.#running === null ? '' : this.#running.stdout().toString('utf8') + this.#running.stderr();
  }
}
