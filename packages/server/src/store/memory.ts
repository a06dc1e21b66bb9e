import type { Store } from './store.ts';

/** What a server keeps in memory beside one store: made at first use, gone with the store. */
export function perStore<Value>(make: () => Value): (store: Store) => Value {
  const values = new WeakMap<Store, Value>();
  return (store) => {
    const known = values.get(store);
    if (known !== undefined) return known;
    const made = make();
    values.set(store, made);
    return made;
  };
}

/** A map that forgets what was not used for longest. */
export class RecentMap<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    if (this.#entries.size >= this.#capacity) this.#entries.delete(this.#entries.keys().next().value as Key);
    this.#entries.set(key, value);
  }

  delete(key: Key): void {
    this.#entries.delete(key);
  }
}
