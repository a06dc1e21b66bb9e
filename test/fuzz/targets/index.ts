import type { Target } from '../target.ts';

type LoadTarget = () => Promise<Target>;

/** Every target, loaded only when it is asked for: a process covers no more than it fuzzes. A test file has a group. */
export const targetGroups = {
  formats: {
    cbor: async () => (await import('./cbor.ts')).cbor,
    der: async () => (await import('./der.ts')).der,
    record: async () => (await import('./record.ts')).record,
    statement: async () => (await import('./statement.ts')).statement,
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, LoadTarget>>>>;

export type TargetGroup = keyof typeof targetGroups;

export const targets: Readonly<Record<string, LoadTarget>> = Object.assign({}, ...Object.values(targetGroups));
