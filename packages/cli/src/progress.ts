import type { SyncProgress } from '@sotto/keybox';
import type { Run } from './command.ts';

/** A line on the terminal that says how far a sync is; none where nobody looks. */
export interface ProgressLine {
  readonly onProgress: (progress: Progress) => void;
  /** Takes the line away. */
  end(): void;
}

export function progressLine({ world, output, common }: Run): ProgressLine {
  const { stderr } = world;
  const isShown = stderr.isTTY === true && !output.json && !common.quiet;
  return {
    onProgress(progress) {
      if (isShown) stderr.write(`\r\u001b[K${sentence(progress)}`);
    },
    end() {
      if (isShown) stderr.write('\r\u001b[K');
    },
  };
}

/** Of a sync, or of an audit. */
type Progress = Pick<SyncProgress, 'done' | 'total'> & { readonly phase: SyncProgress['phase'] | 'audit' };

function sentence({ phase, done, total }: Progress): string {
  switch (phase) {
    case 'account':
      return 'Reading the account …';
    case 'rooms':
      return `Reading rooms: ${done} of ${total}`;
    case 'newest':
      return `Newest messages: ${done} of ${total} rooms`;
    case 'archive':
      return `Archive: ${done} of ${total} entries (${total === 0 ? 100 : Math.floor((100 * done) / total)} %)`;
    case 'audit':
      return `Verifying again: ${done} of ${total} entries`;
    case 'index':
      return `Search index: ${done} of ${total}`;
  }
}
