import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

/** A line that `sotto call ... --json` wrote; tests know its keys from the contract. */
// biome-ignore lint/suspicious/noExplicitAny: what was printed, whose form the assertions are about
type Line = any;

/** A running `sotto call`: what it told, and how it ended. */
export class Talker {
  readonly lines: Line[] = [];
  readonly #child: ChildProcess;
  readonly #stderr: Promise<string>;
  readonly #ended: Promise<readonly [code: number | null]>;
  #isOver = false;
  #news = Promise.withResolvers<void>();

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#stderr = text(child.stderr as never);
    this.#ended = (once(child, 'close') as Promise<[number | null]>).finally(() => {
      this.#isOver = true;
      this.#tell();
    });
    createInterface({ input: child.stdout as never }).on('line', (line) => {
      this.lines.push(JSON.parse(line));
      this.#tell();
    });
  }

  /** The first line that told of this event, and by this code if there is one. Throws what the program said if it ended without. */
  async until(event: string, code?: string): Promise<Line> {
    for (;;) {
      const found = this.lines.find((line) => line.event === event && (code === undefined || line.code === code));
      if (found !== undefined) return found;
      if (this.#isOver) throw new Error(`no ${event}: ${JSON.stringify(this.lines)} ${await this.#stderr}`);
      await this.#news.promise;
    }
  }

  /** Types a line. */
  type(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  signal(name: 'SIGINT' | 'SIGKILL'): void {
    this.#child.kill(name);
  }

  /** Exit code, and the code of the fault if there is one. */
  async end(): Promise<{ readonly exit: number | null; readonly code: string | null }> {
    const [exit] = await this.#ended;
    const stderr = await this.#stderr;
    if (stderr !== '' && !stderr.startsWith('{')) throw new Error(stderr);
    return { exit, code: stderr === '' ? null : JSON.parse(stderr).code };
  }

  #tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }
}
