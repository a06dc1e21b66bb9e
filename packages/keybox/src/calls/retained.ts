import { utf8 } from '@sotto/bytes';
import { taggedHash } from '@sotto/crypto';
import { readMeta, writeMeta } from '../meta.ts';
import type { Part, SqlStatement } from '../ports.ts';
import type { Session } from '../session.ts';
import type { RetainedSecrets } from './views.ts';

/** The ZID of this vault, 12 random bytes, made when it is first asked for. */
export async function ownZid({ keys, primitives }: Session): Promise<Uint8Array> {
  const kept = await readMeta(keys, ZID);
  if (kept !== null) return kept;
  const made = primitives.randomBytes(12);
  await keys.apply([writeMeta(ZID, made)]);
  return made;
}

/** What earlier calls with an installation of an account left; null if none. */
export async function readSecrets(keys: Part, continuity: Continuity): Promise<RetainedSecrets | null> {
  const [row] = await keys.query<{ rs1: Uint8Array; rs2: Uint8Array | null; verified: number }>(
    'SELECT rs1, rs2, verified FROM retained_secret WHERE account = ? AND zid = ?',
    [continuity.account, continuity.zid],
  );
  return row === undefined ? null : { rs1: row.rs1, rs2: row.rs2, verified: row.verified !== 0 };
}

/** The newest secret takes the place of the one before, which stays as the second (RFC 6189 section 4.6.1). */
export function keepSecret({ account, zid }: Continuity, { rs1, verified, at }: NewSecret): SqlStatement {
  return {
    sql: `INSERT INTO retained_secret (account, zid, rs1, rs2, verified, at) VALUES (?, ?, ?, NULL, ?, ?)
      ON CONFLICT (account, zid) DO UPDATE SET rs1 = excluded.rs1, verified = excluded.verified, at = excluded.at,
        rs2 = CASE WHEN retained_secret.rs1 = excluded.rs1 THEN retained_secret.rs2 ELSE retained_secret.rs1 END`,
    parameters: [account, zid, rs1, verified ? 1 : 0, at],
  };
}

/** Takes the mark of verification away, and nothing else. */
export function doubtSecret({ account, zid }: Continuity): SqlStatement {
  return { sql: 'UPDATE retained_secret SET verified = 0 WHERE account = ? AND zid = ?', parameters: [account, zid] };
}

/**
 * The name under which the secrets of a softphone lie, in the place of an account: a ZID that was verified under one URI
 * says nothing about another. The URI is `USER@HOST`, without port and parameters.
 */
export function softphoneName(uri: string): Uint8Array {
  return taggedHash('sotto/softphone/v1', utf8(uri));
}

/** One installation of one account. */
export interface Continuity {
  /** Fingerprint, or the name of a softphone. */
  readonly account: Uint8Array;
  readonly zid: Uint8Array;
}

interface NewSecret {
  readonly rs1: Uint8Array;
  readonly verified: boolean;
  readonly at: number;
}

const ZID = 'zid';
