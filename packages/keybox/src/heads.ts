import { encodeCbor, equal, hex } from '@sotto/bytes';
import { parseCertificate, verifyAuthority, verifyCertificate } from '@sotto/pki';
import {
  type HeadSubject,
  MAX_HEAD_AGE_MILLISECONDS,
  ProtocolPeerFault,
  type SignedHead,
  verifyHead,
} from '@sotto/protocol';
import { KeyboxPeerFault } from './fault.ts';
import { logKey, logKeyOnce } from './key-log.ts';
import type { SqlStatement } from './ports.ts';
import type { Session } from './session.ts';

/** The signed heads that this device has seen: they are verified once, never go back, and contradictions are kept. */
export class Heads {
  readonly #session: Omit<Session, 'care'>;
  #keys: readonly Uint8Array[] | null = null;

  constructor(session: Omit<Session, 'care'>) {
    this.#session = session;
  }

  /** Public keys under which the cluster signs heads, newest first, each certified by the pinned CA. */
  async keys(): Promise<readonly Uint8Array[]> {
    this.#keys ??= await this.#load();
    return this.#keys;
  }

  /** Asks which keys the cluster signs under now. */
  async renew(): Promise<void> {
    this.#keys = await this.#fetch();
  }

  /** The newest head seen of a subject; null before the first. */
  async newest(subject: HeadSubject): Promise<SignedHead | null> {
    const [row] = await this.#session.keys.query<SignedHead>(
      'SELECT length, hash, at, incarnation, signature FROM head WHERE kind = ? AND id = ?',
      [subject.kind, subject.id],
    );
    return row ?? null;
  }

  /** Whether a head of the subject came within the last day by this machine's clock: only then is anything sealed. */
  async isFresh({ kind, id }: HeadSubject): Promise<boolean> {
    const [row] = await this.#session.keys.query<{ seen_at: number }>(
      'SELECT seen_at FROM head WHERE kind = ? AND id = ?',
      [kind, id],
    );
    return row !== undefined && Math.abs(this.#session.clock.now() - row.seen_at) <= MAX_HEAD_AGE_MILLISECONDS;
  }

  /**
   * Checks a head that the server just gave and returns the statement that keeps it. Throws `head-invalid`,
   * `clock-skew`, `server-restored` (shorter, in a new life of the server's data), `rollback` (shorter in the same, or of
   * an earlier life), `split-view` or `room-forked` (same length, other hash); of the last three both heads are stored as
   * evidence first.
   */
  async accept(subject: HeadSubject, head: SignedHead): Promise<SqlStatement> {
    const { clock } = this.#session;
    await this.#verify(subject, head);
    if (Math.abs(head.at - clock.now()) > MAX_HEAD_AGE_MILLISECONDS) {
      throw new KeyboxPeerFault('clock-skew', 'the clocks of server and this machine differ by more than a day');
    }
    const known = await this.newest(subject);
    const isNewLife = known !== null && head.incarnation > known.incarnation;
    if (isNewLife && head.length < known.length) {
      throw new KeyboxPeerFault(
        'server-restored',
        'the server was restored from a backup and lacks what is known here',
      );
    }
    if (known !== null && (head.length < known.length || head.incarnation < known.incarnation))
      await this.contradicted(subject, { known, head, code: 'rollback' });
    if (known !== null && head.length === known.length && !equal(head.hash, known.hash)) {
      const code = subject.kind === 'room' ? 'room-forked' : 'split-view';
      await this.contradicted(subject, { known, head, code });
    }
    return {
      sql: `INSERT OR REPLACE INTO head (kind, id, length, hash, at, incarnation, signature, seen_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      parameters: [
        subject.kind,
        subject.id,
        head.length,
        head.hash,
        head.at,
        head.incarnation,
        head.signature,
        clock.now(),
      ],
    };
  }

  /** Keeps two heads that cannot both be true, tells the user, and throws. */
  async contradicted(
    subject: HeadSubject,
    { known, head, code }: { readonly known: SignedHead; readonly head: SignedHead; readonly code: Contradiction },
  ): Promise<never> {
    const { clock, keys } = this.#session;
    const fault = new ProtocolPeerFault(code, CONTRADICTIONS[code]);
    await keys.apply([
      evidence(clock.now(), subject, { code, heads: [known, head] }),
      logKeyOnce(
        clock,
        { event: 'head/contradiction', subject: subject.kind, id: hex(subject.id), reason: fault.message },
        fault,
      ),
    ]);
    throw fault;
  }

  async #verify(subject: HeadSubject, head: SignedHead): Promise<void> {
    const { primitives } = this.#session;
    try {
      await verifyHead(primitives, await this.keys(), { subject, head });
    } catch (cause) {
      if (!(cause instanceof ProtocolPeerFault)) throw cause;
      await this.renew();
      await verifyHead(primitives, await this.keys(), { subject, head });
    }
  }

  async #load(): Promise<readonly Uint8Array[]> {
    const rows = await this.#session.keys.query<{ value: Uint8Array }>(
      "SELECT value FROM meta WHERE name LIKE 'head-key/%' ORDER BY name DESC",
    );
    return rows.length > 0 ? rows.map(({ value }) => value) : this.#fetch();
  }

  async #fetch(): Promise<readonly Uint8Array[]> {
    const { link, identity, keys, clock, primitives } = this.#session;
    const { headCertificates } = await link.call('cluster.keys', {});
    const known = await keys.query<{ value: Uint8Array }>("SELECT value FROM meta WHERE name LIKE 'head-key/%'");
    const ca = await verifyAuthority(identity.caCertificate, { primitives, fingerprint: identity.caFingerprint });
    const verified: Uint8Array[] = [];
    for (const der of headCertificates.toReversed()) {
      const options = { primitives, ca, profile: 'head', atMs: clock.now(), acceptExpired: true } as const;
      verified.push((await verifyCertificate(parseCertificate(der), options)).key.key);
    }
    const fresh = verified.filter((key) => !known.some(({ value }) => equal(value, key)));
    await keys.apply([
      ...fresh.map((key, i) => ({
        sql: 'INSERT INTO meta (name, value) VALUES (?, ?)',
        parameters: [`head-key/${String(known.length + i).padStart(6, '0')}`, key],
      })),
      ...fresh.slice(known.length === 0 ? 1 : 0).map(() => logKey(clock, { event: 'head/key' })),
    ]);
    return verified.toReversed();
  }
}

/** Keeps heads that cannot both be true: of one kind and subject the first few, which prove as much as all. */
export function evidence(
  now: number,
  { kind, id }: HeadSubject,
  { code, heads }: { readonly code: string; readonly heads: readonly SignedHead[] },
): SqlStatement {
  const content = encodeCbor(
    heads.map(({ length, hash, at, incarnation, signature }) => ({ length, hash, at, incarnation, signature })),
  );
  return {
    sql: `INSERT INTO evidence (at, kind, id, code, content) SELECT ?, ?, ?, ?, ?
      WHERE (SELECT count(*) FROM evidence WHERE kind = ? AND id = ? AND code = ?) < ${MAX_EVIDENCE}`,
    parameters: [now, kind, id, code, content, kind, id, code],
  };
}

type Contradiction = 'rollback' | 'split-view' | 'room-forked';

const CONTRADICTIONS: Readonly<Record<Contradiction, string>> = {
  rollback: 'the server shows an older state than it signed before; nothing here was lost',
  'split-view': 'the server signed two different pasts of an account; both are kept as evidence',
  'room-forked': 'the server signed two different pasts of a room; sending stops, both are kept as evidence',
};

const MAX_EVIDENCE = 8;
