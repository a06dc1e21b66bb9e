import type { Secret } from '@sotto/crypto';
import type { Algorithms } from './algorithms.ts';
import { ZrtpUsageFault } from './fault.ts';
import { derive, type Role, type RoleKeys, type ScheduleContext } from './key-schedule.ts';

/** Master key and salt of SRTP for one direction. */
export interface DirectionKeys {
  readonly key: Secret;
  /** 14 bytes. */
  readonly salt: Secret;
}

/**
 * Whether the two had talked before: `matched`, or `none` has been kept, or `mismatch`: one end has a secret of an earlier
 * call and the other has none that fits, as after a new installation, or because somebody sits between them.
 */
export type CacheState = 'matched' | 'none' | 'mismatch';

/** A stream with keys. */
export interface Agreed {
  readonly role: Role;
  readonly algorithms: Algorithms;
  /** To be read to each other; null for a further stream of the same call. */
  readonly sas: string | null;
  /** True if both people compared in an earlier call and the secret of that call proves it. */
  readonly previouslyVerified: boolean;
  readonly cache: CacheState;
  /** Whether both had the secret of the signalling; null if this end was given none. */
  readonly auxiliary: 'matched' | 'mismatch' | null;
  readonly own: DirectionKeys;
  readonly peer: DirectionKeys;
  readonly peerZid: Uint8Array;
  readonly peerClient: string;
  /** The other end says that it is an exchange, which hears the call (RFC 6189 section 7.3). */
  readonly peerIsExchange: boolean;
  /** A key for something beside SRTP (RFC 6189 section 4.5.2), by its label. Throws `key-too-long` beyond the hash. */
  exportKey(label: string, length: number): Secret;
  /** Wipes all keys. */
  dispose(): void;
}

/** What a first stream leaves to others of the call. */
export interface SessionKey {
  readonly secret: Secret;
  readonly algorithms: Algorithms;
  /** Nonces of commits so far, in hexadecimal. */
  readonly nonces: Set<string>;
}

export interface AgreedInput extends Omit<Agreed, 'own' | 'peer' | 'algorithms' | 'exportKey' | 'dispose'> {
  readonly context: ScheduleContext;
  readonly s0: Secret;
  readonly keys: Readonly<Record<Role, RoleKeys>>;
}

export function agreed({ context, s0, keys, ...facts }: AgreedInput): Agreed {
  const other = facts.role === 'initiator' ? 'responder' : 'initiator';
  const { bytes } = context.algorithms.hash;
  const exported = derive(context, s0, { label: 'Exported key', length: bytes });
  return {
    ...facts,
    algorithms: context.algorithms,
    own: { key: keys[facts.role].srtpKey, salt: keys[facts.role].srtpSalt },
    peer: { key: keys[other].srtpKey, salt: keys[other].srtpSalt },
    exportKey(label, length) {
      if (length > bytes) throw new ZrtpUsageFault('key-too-long', `a key of this call has at most ${bytes} bytes`);
      return derive(context, exported, { label, length });
    },
    dispose() {
      exported.dispose();
      for (const { srtpKey, srtpSalt } of Object.values(keys))
        for (const secret of [srtpKey, srtpSalt]) secret.dispose();
    },
  };
}
