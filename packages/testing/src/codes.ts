import { Fault } from '@sotto/bytes';

/** The code of the fault that `action` raises; null if it raises none. Anything but a fault is thrown on. */
export async function codeOf(action: () => unknown): Promise<string | null> {
  try {
    await action();
    return null;
  } catch (cause) {
    if (cause instanceof Fault) return cause.code;
    throw cause;
  }
}
