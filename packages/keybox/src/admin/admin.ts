import { equal, Fault } from '@sotto/bytes';
import {
  type AccountRole,
  type Address,
  type AdminDevice,
  type AdminInvitation,
  type AdminSession,
  type AdminStatistics,
  type AdminUser,
  type AuditEntry,
  comparePolicies,
  defaultPolicy,
  formatInvitation,
  type Policy,
  type PolicyChange,
  type PolicyValues,
  ProtocolPeerFault,
  signPolicy,
  verifyPolicy,
} from '@sotto/protocol';
import type { Heads } from '../heads.ts';
import { keptPolicy } from '../policy/in-force.ts';
import type { Policies } from '../policy/policies.ts';
import type { Session } from '../session.ts';
import { AuditLog } from './audit-log.ts';

/** What a change of the policy would do. */
export interface PolicyDryRun {
  readonly version: number;
  readonly changes: readonly (PolicyChange & { readonly old: unknown; readonly next: unknown })[];
  /** Accounts that are active, and of those the ones that have more devices than would be allowed. */
  readonly accounts: number;
  readonly overDevices: readonly Address[];
}

/** An account after a suspension or its end; `signed` if the policy says the same, so that clients act on it. */
export interface SuspensionResult {
  readonly user: AdminUser;
  readonly signed: boolean;
}

/**
 * The administration of the home server, for owners and admins. Everything throws `not-authorised` for others, and what
 * docs/spec/operations.md says.
 */
export class Admin {
  readonly #session: Session;
  readonly #policies: Policies;
  readonly #audit: AuditLog;

  constructor(session: Session, { heads, policies }: { readonly heads: Heads; readonly policies: Policies }) {
    this.#session = session;
    this.#policies = policies;
    this.#audit = new AuditLog(session, heads);
  }

  /** What the own account may do here, by the server's word: it only decides what is offered. Never `not-authorised`. */
  async ownRole(): Promise<AccountRole> {
    try {
      return (await this.showUser(this.#session.identity.address)).user.role;
    } catch (cause) {
      if (cause instanceof Fault && cause.code === 'not-authorised') return 'user';
      throw cause;
    }
  }

  async users(): Promise<readonly AdminUser[]> {
    return this.#pages(async (after) => {
      const { users, next } = await this.#session.link.call('admin.users.list', { after, limit: PAGE });
      return { items: users, next };
    });
  }

  async showUser(address: Address): Promise<{ readonly user: AdminUser; readonly devices: readonly AdminDevice[] }> {
    return this.#session.link.call('admin.users.show', { address });
  }

  /** Keeps an account out at once, and with the policy key at hand makes others' clients stop sealing to it. */
  async suspendUser(address: Address): Promise<SuspensionResult> {
    const { user } = await this.#session.link.call('admin.users.suspend', { address });
    return { user, signed: await this.#sign(user, 'suspended') };
  }

  async resumeUser(address: Address): Promise<SuspensionResult> {
    const { user } = await this.#session.link.call('admin.users.resume', { address });
    return { user, signed: await this.#sign(user, 'resumed') };
  }

  async deleteUser(address: Address): Promise<SuspensionResult> {
    const { user } = await this.#session.link.call('admin.users.delete', { address });
    return { user, signed: await this.#sign(user, 'suspended') };
  }

  async setUserRole(address: Address, role: AccountRole): Promise<AdminUser> {
    return (await this.#session.link.call('admin.users.set-role', { address, role })).user;
  }

  async invitations(): Promise<readonly AdminInvitation[]> {
    return this.#pages(async (after) => {
      const { invitations, next } = await this.#session.link.call('admin.invitations.list', { after, limit: PAGE });
      return { items: invitations, next };
    });
  }

  /** One link each, good for one account. */
  async createInvitations(order: {
    readonly count: number;
    readonly role: AccountRole;
    readonly days: number;
  }): Promise<readonly string[]> {
    const { link, identity } = this.#session;
    const { codes } = await link.call('admin.invitations.create', order);
    const { caFingerprint } = identity;
    return codes.map((code) => formatInvitation({ origin: link.origin, code, caFingerprint }));
  }

  async revokeInvitation(id: number): Promise<void> {
    await this.#session.link.call('admin.invitations.revoke', { id });
  }

  async sessions(): Promise<readonly AdminSession[]> {
    return this.#pages(async (after) => {
      const { sessions, next } = await this.#session.link.call('admin.sessions.list', { after, limit: PAGE });
      return { items: sessions, next };
    });
  }

  async endSession(id: number): Promise<void> {
    await this.#session.link.call('admin.sessions.end', { id });
  }

  async statistics(): Promise<AdminStatistics> {
    return this.#session.link.call('admin.statistics', {});
  }

  /** Verified entries of the audit log from a position on. Throws `audit-broken`, `rollback`, `split-view`. */
  async audit(from: number): Promise<readonly AuditEntry[]> {
    return this.#audit.read(from);
  }

  /** How many entries the server says there are. */
  async auditLength(): Promise<number> {
    return this.#audit.length();
  }

  /** What would change, and for whom; nothing is published. */
  async tryPolicy(changes: Partial<PolicyValues>): Promise<PolicyDryRun> {
    await this.#policies.refresh();
    const { version, old, next } = await this.#nextValues(changes);
    const users = (await this.users()).filter(({ state }) => state === 'active');
    return {
      version,
      changes: comparePolicies(old, next).map((change) => ({
        ...change,
        old: old[change.field],
        next: next[change.field],
      })),
      accounts: users.length,
      overDevices: users.filter(({ devices }) => devices > next.maxDevices).map(({ address }) => address),
    };
  }

  /**
   * Signs and publishes the next version with some fields changed. Throws `policy-key-missing`, `policy-outdated`, and
   * `format-malformed` for a value that a field cannot have.
   */
  async setPolicy(changes: Partial<PolicyValues>): Promise<number> {
    await this.#policies.refresh();
    const { next } = await this.#nextValues(changes);
    const version = await this.#publish({ values: next });
    // Who sets a rule has said yes to it.
    await this.#policies.accept(version);
    return version;
  }

  /** Every version, oldest first, each verified under the pinned key. */
  async policyHistory(): Promise<readonly Policy[]> {
    const { link, suites } = this.#session;
    const pin = await this.#policies.pin();
    const policies: Policy[] = [];
    for (;;) {
      const after = policies.at(-1)?.version ?? 0;
      const page = await link.call('admin.policy.history', { after });
      if (page.policies.length === 0) return policies;
      for (const signed of page.policies) policies.push(await verifyPolicy(suites, signed, pin));
      if ((policies.at(-1)?.version ?? 0) <= after) return policies;
    }
  }

  /** Throws `policy-key-missing`, `passphrase-too-weak`. */
  async exportPolicyKey(passphrase: string): Promise<Uint8Array> {
    const { policyKeyOf, sealPolicyKey } = await import('./policy-key.ts');
    const key = await policyKeyOf(this.#session, (await this.#policies.pin()).policyKey);
    using _secret = key.secretKey;
    return await sealPolicyKey(this.#session, key, passphrase);
  }

  async importPolicyKey(content: Uint8Array, passphrase: string): Promise<void> {
    const { policyKey: fingerprint } = await this.#policies.pin();
    const { importPolicyKey } = await import('./policy-key.ts');
    await importPolicyKey(this.#session, { content, passphrase, fingerprint });
  }

  /**
   * Puts the one account that the person named on the signed list, or takes it off; false without the policy key. The
   * server's own list is never signed: it could hold anybody. Throws `identity-conflict` if the server names another
   * identity under the address than the one that is pinned here.
   */
  async #sign({ address, fingerprint }: AdminUser, as: 'suspended' | 'resumed'): Promise<boolean> {
    const { hasPolicyKey } = await import('./policy-key.ts');
    if (!(await hasPolicyKey(this.#session, (await this.#policies.pin()).policyKey))) return false;
    if (fingerprint === null) return true;
    await this.#checkPinned(address, fingerprint);
    await this.#policies.refresh();
    const before = (await keptPolicy(this.#session.keys))?.policy.suspended ?? [];
    const others = before.filter((each) => !equal(each, fingerprint));
    const isListed = others.length < before.length;
    if (isListed !== (as === 'suspended')) {
      await this.#publish({ suspended: as === 'suspended' ? [...others, fingerprint] : others });
    }
    return true;
  }

  async #checkPinned(address: Address, fingerprint: Uint8Array): Promise<void> {
    const [pinned] = await this.#session.contacts.query<{ fingerprint: Uint8Array | null }>(
      'SELECT fingerprint FROM contact WHERE address = ?',
      [address],
    );
    if (pinned?.fingerprint == null || equal(pinned.fingerprint, fingerprint)) return;
    throw new ProtocolPeerFault('identity-conflict', `the server names another identity for ${address}`);
  }

  async #nextValues(changes: Partial<PolicyValues>) {
    const kept = await keptPolicy(this.#session.keys);
    const old = kept?.policy.values ?? defaultPolicy;
    return { version: (kept?.policy.version ?? 0) + 1, old, next: { ...old, ...changes } };
  }

  async #publish(change: Partial<Pick<Policy, 'values' | 'suspended'>>): Promise<number> {
    const { suites, clock, keys, link } = this.#session;
    const { policyKey, domain } = await this.#policies.pin();
    const kept = await keptPolicy(keys);
    const { policyKeyOf } = await import('./policy-key.ts');
    const key = await policyKeyOf(this.#session, policyKey);
    using _secret = key.secretKey;
    const { values = defaultPolicy, suspended = [] } = kept?.policy ?? {};
    const version = (kept?.policy.version ?? 0) + 1;
    const policy = await signPolicy(suites, key, { domain, version, at: clock.now(), values, suspended, ...change });
    await link.call('admin.policy.publish', { policy });
    await this.#policies.refresh();
    return version;
  }

  async #pages<Item>(
    read: (after: number) => Promise<{ readonly items: readonly Item[]; readonly next: number | null }>,
  ): Promise<readonly Item[]> {
    const all: Item[] = [];
    for (let after: number | null = 0; after !== null; ) {
      const { items, next }: { readonly items: readonly Item[]; readonly next: number | null } = await read(after);
      all.push(...items);
      after = next !== null && next > after ? next : null;
    }
    return all;
  }
}

const PAGE = 200;
