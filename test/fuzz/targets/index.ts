import type { Target } from '../target.ts';

type LoadTarget = () => Promise<Target>;

/** Every target, loaded only when it is asked for: a process covers no more than it fuzzes. A test file has a group. */
export const targetGroups = {
  formats: {
    cbor: async () => (await import('./cbor.ts')).cbor,
    record: async () => (await import('./record.ts')).record,
    statement: async () => (await import('./statement.ts')).statement,
    message: async () => (await import('./message.ts')).message,
    chain: async () => (await import('./chain.ts')).chain,
    operation: async () => (await import('./operation.ts')).operation,
  },
  certificates: {
    der: async () => (await import('./der.ts')).der,
    certificate: async () => (await import('./certificate.ts')).certificate,
    'key-file': async () => (await import('./key-file.ts')).keyFile,
    container: async () => (await import('./container.ts')).container,
  },
  media: {
    media: async () => (await import('./media.ts')).media,
  },
  surroundings: {
    agent: async () => (await import('./agent.ts')).agent,
    channel: async () => (await import('./channel.ts')).channel,
    code: async () => (await import('./code.ts')).code,
    stored: async () => (await import('./stored.ts')).stored,
    http: async () => (await import('./http.ts')).http,
    sip: async () => (await import('./sip.ts')).sip,
    sealed: async () => (await import('./sealed.ts')).sealed,
    transparency: async () => (await import('./transparency.ts')).transparency,
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, LoadTarget>>>>;

export type TargetGroup = keyof typeof targetGroups;

export const targets: Readonly<Record<string, LoadTarget>> = Object.assign({}, ...Object.values(targetGroups));
