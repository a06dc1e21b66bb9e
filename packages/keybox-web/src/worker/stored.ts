import { openProfile, type Profile } from '../storage/profile.ts';
import type { UnusableReason } from '../vault.ts';

/** What this origin stores, or why nothing can be stored. */
export type Stored =
  | { readonly profile: Profile; readonly reason: null }
  | { readonly profile: null; readonly reason: UnusableReason };

export async function openStored(): Promise<Stored> {
  if (!('createSyncAccessHandle' in FileSystemFileHandle.prototype)) return { profile: null, reason: 'old-browser' };
  try {
    return { profile: await openProfile(), reason: null };
  } catch (cause) {
    if (!(cause instanceof DOMException)) throw cause;
    return { profile: null, reason: (await mayStoreElse()) ? 'private-window' : 'blocked' };
  }
}

/** Settings that refuse storage refuse every kind; a private window of Firefox keeps databases for as long as it is open. */
function mayStoreElse(): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  try {
    const request = indexedDB.open('sotto-probe');
    request.onsuccess = () => {
      request.result.close();
      indexedDB.deleteDatabase('sotto-probe');
      resolve(true);
    };
    request.onerror = () => resolve(false);
  } catch {
    // Refused before it was tried.
    resolve(false);
  }
  return promise;
}
