import type { Run } from '../command.ts';
import { styleFor } from '../terminal.ts';

/** A line on a terminal's stderr that shows how far a transfer is. */
export interface ProgressLine extends Disposable {
  update(doneBytes: number, sizeBytes: number): void;
  /** Takes it off, for what is said next. */
  clear(): void;
}

export function openProgress({ world, common }: Run, what: string): ProgressLine {
  const { stderr, env } = world;
  if (stderr.isTTY !== true || common.quiet || common.json) return { update() {}, clear() {}, [Symbol.dispose]() {} };
  const style = styleFor(stderr, env);
  let shown = '';
  const clear = (): void => {
    if (shown !== '') stderr.write('\r\u001b[K');
    shown = '';
  };
  return {
    clear,
    update(doneBytes, sizeBytes) {
      const share = sizeBytes === 0 ? 1 : doneBytes / sizeBytes;
      const filled = Math.round(share * BAR_CELLS);
      const bar = '█'.repeat(filled) + style('dim', '░'.repeat(BAR_CELLS - filled));
      const line = `${what}  ${bar}  ${Math.floor(share * 100)} %  ${sizeText(doneBytes)} of ${sizeText(sizeBytes)}`;
      if (line === shown) return;
      shown = line;
      stderr.write(`\r${line}\u001b[K`);
    },
    [Symbol.dispose]: clear,
  };
}

/** A size for people, in binary units. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const exponent = Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length);
  return `${(bytes / 1024 ** exponent).toFixed(1)} ${UNITS[exponent - 1]}`;
}

const BAR_CELLS = 24;
const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'];
