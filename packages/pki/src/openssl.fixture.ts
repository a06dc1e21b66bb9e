import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** False where no openssl of version 3 is installed; what needs it is then skipped, and that is said once. */
export const hasOpenssl: boolean = findOpenssl();

/** A directory of its own in which the real openssl runs; removed on disposal. */
export class Openssl implements Disposable {
  readonly #directory = mkdtempSync(join(tmpdir(), 'sotto-pki-'));

  write(name: string, content: string | Uint8Array): string {
    writeFileSync(join(this.#directory, name), content);
    return name;
  }

  read(name: string): Uint8Array {
    return Uint8Array.from(readFileSync(join(this.#directory, name)));
  }

  readText(name: string): string {
    return readFileSync(join(this.#directory, name), 'utf8');
  }

  /** Runs openssl with blank-separated arguments; throws with its stderr if it fails. Gives stdout and stderr. */
  run(command: string): string {
    return execFileSync('/bin/sh', ['-c', `openssl ${command} 2>&1`], { cwd: this.#directory, encoding: 'utf8' });
  }

  /** True if the command fails. */
  refuses(command: string): boolean {
    try {
      this.run(command);
      return false;
    } catch {
      // A non-zero exit is the answer that was asked for.
      return true;
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.#directory, { recursive: true });
  }
}

function findOpenssl(): boolean {
  const found = spawnSync('openssl', ['version'], { encoding: 'utf8' });
  if (found.status === 0 && found.stdout.startsWith('OpenSSL 3')) return true;
  console.warn('skipped: comparisons with openssl 3, which is not installed (Debian package openssl)');
  return false;
}
