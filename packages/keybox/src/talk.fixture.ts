import { Fault } from '@sotto/bytes';
import type { KeyLogEntry } from '@sotto/protocol';
import type { Person } from '@sotto/testing';
import { assert } from 'vitest';

/** Texts of a room as somebody sees them. */
export async function texts({ box }: Person, room: string): Promise<string[]> {
  return (await box.listMessages(room)).map(({ text }) => text);
}

/** Brings people up to date, one after the other, without a fault in any room. */
export async function updated(...people: readonly Person[]): Promise<void> {
  for (const { address, box } of people) {
    const { online, faults } = await box.sync();
    assert.deepEqual({ address, online, faults }, { address, online: true, faults: [] });
  }
}

/** What the key log tells of one kind, as `code: event field field`. */
export async function news({ box }: Person, kind: string): Promise<string[]> {
  return (await box.keyLog())
    .filter((entry) => entry.kind === kind)
    .map(({ code, entry }) => `${code}: ${said(entry)}`);
}

/** Sends what is left. */
export async function flushAll({ box }: Person): Promise<void> {
  assert.strictEqual((await box.flushOutbox()).left, 0);
}

/** Codes of what a sync was refused for, each once: of the whole account, or of single rooms. */
export async function refusals({ box }: Person): Promise<string[]> {
  try {
    return [...new Set((await box.sync()).faults.map(({ code }) => code))];
  } catch (cause) {
    if (cause instanceof Fault) return [cause.code];
    throw cause;
  }
}

/** Codes that the key log tells since a position. */
export async function toldCodes({ box }: Person, since = 0): Promise<(string | null)[]> {
  return (await box.keyLog()).slice(since).map(({ code }) => code);
}

/** The bytes with one bit turned. */
export function flipped(bytes: Uint8Array, at = bytes.length - 1): Uint8Array {
  return bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
}

/** An entry of the key log as one line of words. */
export function said(entry: KeyLogEntry): string {
  return Object.values(entry).join(' ');
}
