import { encodeCbor, equal, Fault } from '@sotto/bytes';
import {
  addressDomain,
  checkSuccession,
  comparePolicies,
  type PolicyChange,
  type PolicyValues,
  ProtocolPeerFault,
  ProtocolPolicyFault,
  type SignedPolicy,
  verifyPolicy,
} from '@sotto/protocol';
import type { Chains } from '../chains.ts';
import { KeyboxPeerFault } from '../fault.ts';
import { logKey, logKeyOnce } from '../key-log.ts';
import type { Session } from '../session.ts';
import { acceptedValues, acceptValues, keepPolicy, keptPolicy, policyInForce } from './in-force.ts';

/** The organisation's rules as this device knows them. */
export interface PolicyState {
  /** 0 before the first. */
  readonly version: number;
  /** When it was signed, milliseconds; 0 before the first. */
  readonly at: number;
  /** What this device obeys. */
  readonly inForce: PolicyValues;
  /** What the newest version says. */
  readonly newest: PolicyValues;
  /** Changes that wait for the user's yes. */
  readonly pending: readonly PolicyChange[];
}

/** The policy of the organisation: fetched, verified under the key that the own genesis names, kept, never rolled back. */
export class Policies {
  readonly #session: Session;
  readonly #chains: Chains;

  constructor(session: Session, chains: Chains) {
    this.#session = session;
    this.#chains = chains;
  }

  async inForce(): Promise<PolicyValues> {
    return policyInForce(this.#session);
  }

  async state(): Promise<PolicyState> {
    const { keys } = this.#session;
    const kept = await keptPolicy(keys);
    const inForce = await this.inForce();
    if (kept === null) return { version: 0, at: 0, inForce, newest: inForce, pending: [] };
    const { version, at, values: newest } = kept.policy;
    const changes = comparePolicies(await acceptedValues(keys), newest);
    return { version, at, inForce, newest, pending: changes.filter(({ needsConsent }) => needsConsent) };
  }

  /**
   * Says yes to what is pending in a version that its user has seen. Throws `policy-outdated` unless that is the newest:
   * one that came meanwhile has to be seen first.
   */
  async accept(version: number): Promise<PolicyState> {
    const { keys, clock } = this.#session;
    const kept = await keptPolicy(keys);
    const newest = kept?.policy.version ?? 0;
    if (newest !== version) {
      throw new ProtocolPolicyFault('policy-outdated', `the newest policy is version ${newest}: look at it first`);
    }
    if (kept !== null) {
      const accepted = { event: 'policy/accepted', version: kept.policy.version } as const;
      await keys.apply([acceptValues(kept.policy.values), logKey(clock, accepted)]);
    }
    return this.state();
  }

  /**
   * Asks the server for the newest policy. Throws `policy-invalid`, `policy-rollback`, `policy-split`, and the faults of
   * bytes that are no policy; then what was known stays in force, and the evidence is kept.
   */
  async refresh(): Promise<void> {
    const { policy } = await this.#session.link.call('policies.read', {});
    const kept = await keptPolicy(this.#session.keys);
    if (policy === null) {
      if (kept === null) return;
      throw await this.#refused(new ProtocolPeerFault('policy-rollback', 'the server hides the policy'), null);
    }
    if (kept !== null && equal(kept.signed.signed, policy.signed)) return;
    try {
      await this.#take(policy, kept);
    } catch (cause) {
      throw isRefusal(cause) ? await this.#refused(cause, policy) : cause;
    }
  }

  /** SHA-256 of the only key that signs policies for this account. */
  async pin(): Promise<{ readonly policyKey: Uint8Array; readonly domain: string }> {
    const { fingerprint, address } = this.#session.identity;
    const chain = await this.#chains.known(fingerprint);
    if (chain === null) throw new KeyboxPeerFault('vault-damaged', 'the own chain is missing from the vault');
    return { policyKey: chain.policyKey, domain: addressDomain(address) };
  }

  async #take(signed: SignedPolicy, kept: Awaited<ReturnType<typeof keptPolicy>>): Promise<void> {
    const { keys, clock, suites } = this.#session;
    const policy = await verifyPolicy(suites, signed, await this.pin());
    if (kept !== null) {
      const known = { version: kept.policy.version, signed: kept.signed.signed };
      checkSuccession(known, { version: policy.version, signed: signed.signed });
    }
    await keys.apply([keepPolicy(signed), logKey(clock, { event: 'policy/known', version: policy.version })]);
  }

  /** Keeps both documents of a contradiction, tells the user, and gives the fault back. */
  async #refused(fault: Fault, refused: SignedPolicy | null): Promise<Fault> {
    const { keys, clock, identity } = this.#session;
    const kept = await keptPolicy(keys);
    const both = [kept?.signed ?? null, refused].map((each) => (each === null ? null : { ...each }));
    const parameters = [identity.caFingerprint, fault.code];
    await keys.apply([
      {
        sql: `INSERT INTO evidence (at, kind, id, code, content) SELECT ?, 'policy', ?, ?, ?
          WHERE (SELECT count(*) FROM evidence WHERE kind = 'policy' AND id = ? AND code = ?) < ${MAX_EVIDENCE}`,
        parameters: [clock.now(), ...parameters, encodeCbor(both), ...parameters],
      },
      logKeyOnce(clock, { event: 'policy/refused', reason: fault.message }, fault),
    ]);
    return fault;
  }
}

/** What is wrong with the document itself, down to its bytes. */
function isRefusal(cause: unknown): cause is Fault {
  return cause instanceof Fault && (cause.blame === 'peer' || cause.blame === 'wire');
}

const MAX_EVIDENCE = 8;
