import { Fault } from '@sotto/bytes';
import type { TransparencyView } from '@sotto/keybox';
import { useRead } from '../../app/queries.ts';

/** The home server's transparency log as this device followed it last; null before the first time. */
export function useLog(): TransparencyView | null {
  return useRead(['transparency'], async ({ box }) => {
    try {
      return await box.transparency.show();
    } catch (cause) {
      if (cause instanceof Fault && cause.code === 'not-found') return null;
      throw cause;
    }
  });
}
