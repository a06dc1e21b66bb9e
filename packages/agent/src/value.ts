import { BugFault, type CborMap, type CborValue, Fault } from '@sotto/bytes';
import { AgentWireFault } from './fault.ts';
import { decodeFault, encodeFault } from './remote-fault.ts';

/** Takes what cannot travel and gives a number that stands for it. */
export interface Lender {
  lendFunction(work: (...input: readonly unknown[]) => unknown): number;
  lendSignal(signal: AbortSignal): number;
}

/** Gives what stands for something that was lent by the other side. */
export interface Borrower {
  borrowFunction(ref: number): (...input: readonly unknown[]) => Promise<unknown>;
  borrowSignal(ref: number): AbortSignal;
  /** Says that an iteration is over. */
  giveBack(ref: number): void;
}

/**
 * A value as it travels. Plain data goes as it is; what CBOR of ours has no form for is a map with the key `$`. Throws
 * `bug` for objects of a class, secrets above all: nothing private leaves by accident.
 */
export function encodeValue(value: unknown, lender: Lender): CborValue {
  if (value === undefined) return { [TAG]: 'undefined' };
  if (typeof value === 'number') return encodeNumber(value);
  if (typeof value === 'bigint') return { [TAG]: 'bigint', text: String(value) };
  if (typeof value === 'function') {
    return { [TAG]: 'function', ref: lender.lendFunction(value as (...input: readonly unknown[]) => unknown) };
  }
  if (value === null || typeof value === 'boolean' || value instanceof Uint8Array) return value;
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map((item) => encodeValue(item, lender));
  if (typeof value === 'object') return encodeObject(value, lender);
  throw new BugFault(`a ${typeof value} does not travel to or from the agent`);
}

/** Throws `agent-frame-malformed`. */
export function decodeValue(value: CborValue, borrower: Borrower): unknown {
  if (Array.isArray(value)) return value.map((item) => decodeValue(item, borrower));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  const map = value as CborMap;
  return Object.hasOwn(map, TAG) ? decodeTagged(map, borrower) : decodeEntries(Object.entries(map), borrower);
}

function encodeNumber(value: number): CborValue {
  if (Object.is(value, -0)) return { [TAG]: 'number', text: '-0' };
  return Number.isSafeInteger(value) ? value : { [TAG]: 'number', text: String(value) };
}

function encodeObject(value: object, lender: Lender): CborValue {
  if (value instanceof Fault) return { [TAG]: 'fault', fault: encodeFault(value) };
  if (value instanceof AbortSignal) {
    return { [TAG]: 'signal', ref: lender.lendSignal(value), aborted: value.aborted };
  }
  if (Symbol.asyncIterator in value) return encodeIteration(value as AsyncIterable<unknown>, lender);
  if (!isPlain(value)) throw new BugFault('an object of a class does not travel to or from the agent');
  // What is not there and what is undefined are the same to whoever reads an options object.
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const encoded = entries.map(([key, item]): [string, CborValue] => [key, encodeValue(item, lender)]);
  if (entries.every(([key]) => key !== TAG && key !== '__proto__')) return Object.fromEntries(encoded);
  return { [TAG]: 'object', entries: encoded };
}

/** An iteration is three functions: the next item, the end, and nothing else of it. */
function encodeIteration(iterable: AsyncIterable<unknown>, lender: Lender): CborValue {
  const iterator = iterable[Symbol.asyncIterator]();
  const next = lender.lendFunction(async () => {
    const { done, value } = await iterator.next();
    return done === true ? { done } : { done: false, value };
  });
  const end = lender.lendFunction(async () => {
    await iterator.return?.();
  });
  return { [TAG]: 'iteration', next, end };
}

function decodeTagged(map: CborMap, borrower: Borrower): unknown {
  const tag = map[TAG];
  const text = map['text'];
  const ref = map['ref'];
  if (tag === 'undefined') return undefined;
  if (tag === 'number' && typeof text === 'string') return Number(text);
  if (tag === 'bigint' && typeof text === 'string' && /^-?[0-9]{1,40}$/.test(text)) return BigInt(text);
  if (tag === 'function' && isRef(ref)) return borrower.borrowFunction(ref);
  if (tag === 'signal' && isRef(ref)) return map['aborted'] === true ? AbortSignal.abort() : borrower.borrowSignal(ref);
  if (tag === 'fault') return decodeFault(map['fault'] ?? null);
  if (tag === 'iteration' && isRef(map['next']) && isRef(map['end'])) return iteration(map as never, borrower);
  if (tag === 'object' && Array.isArray(map['entries'])) return decodeEntries(map['entries'].map(asEntry), borrower);
  throw malformed();
}

/** Without a prototype's help: a key called `__proto__` is a key like others. */
function decodeEntries(entries: readonly (readonly [string, CborValue])[], borrower: Borrower): object {
  const object = {};
  for (const [key, item] of entries) {
    const value = decodeValue(item, borrower);
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}

async function* iteration(refs: { readonly next: number; readonly end: number }, borrower: Borrower) {
  const next = borrower.borrowFunction(refs.next);
  const end = borrower.borrowFunction(refs.end);
  try {
    for (;;) {
      const item = (await next()) as { readonly done: boolean; readonly value?: unknown };
      if (item.done) return;
      yield item.value;
    }
  } finally {
    await end();
    borrower.giveBack(refs.next);
    borrower.giveBack(refs.end);
  }
}

function asEntry(entry: CborValue): readonly [string, CborValue] {
  if (!Array.isArray(entry) || entry.length !== 2 || typeof entry[0] !== 'string') throw malformed();
  return [entry[0], entry[1] as CborValue];
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isRef(value: CborValue | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function malformed(): AgentWireFault {
  return new AgentWireFault('agent-frame-malformed', 'a value that the protocol does not have');
}

const TAG = '$';
