import { equal } from '@sotto/bytes';
import type { RoomState } from '@sotto/protocol';

/**
 * Whether an account may have an era's secret: it stands in the era's table, or in that of a later one to which history
 * was open all the way. It is what entries and links would give if all of them opened.
 */
export function mayHaveEra({ eras }: RoomState, fingerprint: Uint8Array, era: number): boolean {
  for (const { era: number, rows, valid, history } of eras.slice(era)) {
    if (valid && rows.some((row) => equal(row.fingerprint, fingerprint))) return true;
    if (history !== 'all' || number === eras.length - 1) return false;
  }
  return false;
}
