import type { VaultState, Vaults } from '@sotto/keybox-web';

/**
 * Remembers beside the vaults which accounts were kept in this browser, so that one whose storage was deleted is told
 * so at the next start, instead of being welcomed as a stranger.
 */
export function watchKept(vaults: Vaults): void {
  vaults.subscribe((event) => event.kind === 'state' && note(event.state));
}

/** Addresses whose vaults here were deleted by whomever but their owner. */
export function deletedAccounts(): readonly string[] {
  return read(DELETED);
}

export function putDeletedAway(): void {
  write(DELETED, []);
}

function note(state: VaultState): void {
  if (state.kind === 'open' && !state.temporary) {
    const { address, isGone } = state;
    const others = without(read(DELETED), [address]);
    write(DELETED, isGone ? [...others, address] : others);
    kept = isGone ? without(kept, [address]) : [...without(kept, [address]), address];
    write(KEPT, kept);
  }
  if (state.kind === 'locked') {
    const here = state.accounts.map(({ address }) => address);
    if (state.isNew) write(DELETED, without([...new Set([...read(DELETED), ...kept])], here));
    kept = here;
    write(KEPT, kept);
  }
}

function without(addresses: readonly string[], others: readonly string[]): readonly string[] {
  return addresses.filter((address) => !others.includes(address));
}

function read(name: string): readonly string[] {
  return (localStorage.getItem(name) ?? '').split(' ').filter((address) => address !== '');
}

function write(name: string, addresses: readonly string[]): void {
  if (addresses.length === 0) localStorage.removeItem(name);
  else localStorage.setItem(name, addresses.join(' '));
}

const KEPT = 'sotto.kept';
const DELETED = 'sotto.deleted';

/** What this page has seen it knows also when the browser deletes its storage. */
let kept = read(KEPT);
