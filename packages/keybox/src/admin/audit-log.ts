import { equal, Fault } from '@sotto/bytes';
import { type AuditEntry, ProtocolPeerFault, type SignedHead, verifyAudit } from '@sotto/protocol';
import { evidence, type Heads } from '../heads.ts';
import { logKey } from '../key-log.ts';
import type { Session } from '../session.ts';

/** The server's audit log as this device has verified it. */
export class AuditLog {
  readonly #session: Session;
  readonly #heads: Heads;

  constructor(session: Session, heads: Heads) {
    this.#session = session;
    this.#heads = heads;
  }

  /** Number of entries that the server claims now. */
  async length(): Promise<number> {
    return (await this.#session.link.call('admin.audit.read', { from: 0, limit: 1 })).head.length;
  }

  /**
   * The entries from a position on: one chain that leads to a head the cluster signed and goes on where this device
   * stood last. Throws `audit-broken`, `rollback`, `split-view`, `server-restored`, `head-invalid`; of contradictions both heads are kept.
   */
  async read(from: number): Promise<readonly AuditEntry[]> {
    const subject = { kind: 'audit', id: this.#session.identity.caFingerprint } as const;
    const known = await this.#heads.newest(subject);
    const start = Math.min(from, known?.length ?? from);
    const { entries, head } = await this.#fetch(start);
    try {
      const keep = await this.#heads.accept(subject, head);
      const { entries: verified, hashes } = verifyAudit({ from: start, entries, end: head });
      if (known !== null && !isSamePast(known, { start, hashes, first: verified[0] ?? null })) {
        await this.#heads.contradicted(subject, { known, head, code: 'split-view' });
      }
      await this.#session.keys.apply([keep]);
      return verified.slice(from - start);
    } catch (cause) {
      if (known !== null && head.incarnation > known.incarnation && isContradiction(cause)) {
        await this.#beginAnew(known, head);
      }
      throw cause;
    }
  }

  /** A server that was restored from a backup has lost entries: that is told once, and then its new life is followed. */
  async #beginAnew(known: SignedHead, head: SignedHead): Promise<void> {
    const { keys, identity, clock } = this.#session;
    const id = identity.caFingerprint;
    await keys.apply([
      evidence(clock.now(), { kind: 'audit', id }, { code: 'server-restored', heads: [known, head] }),
      logKey(clock, { event: 'head/audit-log', seen: known.length, shown: head.length }),
      { sql: "DELETE FROM head WHERE kind = 'audit' AND id = ?", parameters: [id] },
    ]);
  }

  async #fetch(start: number): Promise<{ readonly entries: readonly Uint8Array[]; readonly head: SignedHead }> {
    const entries: Uint8Array[] = [];
    for (;;) {
      const from = start + entries.length;
      const page = await this.#session.link.call('admin.audit.read', { from, limit: PAGE });
      entries.push(...page.entries);
      if (start + entries.length >= page.head.length) return { entries, head: page.head };
      if (page.entries.length === 0) throw new ProtocolPeerFault('audit-broken', 'the server leaves out entries');
    }
  }
}

/** What is thrown only after the head's signature was verified. */
function isContradiction(cause: unknown): boolean {
  return cause instanceof Fault && ['server-restored', 'rollback', 'split-view'].includes(cause.code);
}

/** Whether what was read goes through the head that was verified last time. */
function isSamePast(
  known: SignedHead,
  { start, hashes, first }: { start: number; hashes: readonly Uint8Array[]; first: AuditEntry | null },
): boolean {
  const through = known.length === start ? first?.prev : hashes[known.length - start - 1];
  return through === undefined || equal(through, known.hash);
}

const PAGE = 200;
