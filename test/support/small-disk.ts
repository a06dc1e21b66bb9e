import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A disk of its own that a test may fill: a file system in memory, mounted at `path`. */
export class SmallDisk implements Disposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Null where this user may not mount. */
  static mount(path: string, megabytes: number): SmallDisk | null {
    mkdirSync(path, { recursive: true });
    const { status } = spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'tmpfs', path]);
    return status === 0 ? new SmallDisk(path) : null;
  }

  /** Leaves so much room, in whole pages, and no more. */
  fill({ leaving = 0 }: { readonly leaving?: number } = {}): void {
    for (let i = 0, left = this.#room(); left > leaving; i++, left = this.#room()) {
      writeFileSync(join(this.path, `${FILLER}${i}`), Buffer.alloc(left - leaving));
    }
  }

  free(): void {
    for (const name of readdirSync(this.path)) if (name.startsWith(FILLER)) rmSync(join(this.path, name));
  }

  [Symbol.dispose](): void {
    spawnSync('/bin/umount', ['-l', this.path]);
  }

  #room(): number {
    const { bavail, bsize } = statfsSync(this.path);
    return bavail * bsize;
  }
}

const FILLER = 'filler-';
