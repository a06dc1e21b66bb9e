import { equal, Fault } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import {
  type Address,
  addressDomain,
  currentUserKey,
  type DeviceName,
  envelope,
  ProtocolPolicyFault,
  parseInvitation,
  restoreChain,
  type SignUpStep,
} from '@sotto/protocol';
import { type AccountFile, accountFile, type VaultMode } from './account-file.ts';
import { orderCertificates } from './certificates.ts';
import type { Cluster } from './cluster.ts';
import { type Completion, prepareCompletion } from './completion.ts';
import { repeatInterrupted } from './connection.ts';
import { keyFilePassword } from './device-p12.ts';
import { createVault, META } from './enrolment.ts';
import { KeyboxPolicyFault, KeyboxUsageFault } from './fault.ts';
import { Heads } from './heads.ts';
import { loadIdentity, ownChain } from './identity.ts';
import { parseKeystore } from './keystore.ts';
import { readMeta } from './meta.ts';
import { writeOfflineWrap } from './offline-wrap.ts';
import { type OpenSession, openSession } from './open-session.ts';
import { checkPassphrase } from './passphrase.ts';
import { unwrapVaultSecret } from './passphrase-wrap.ts';
import type { Platform, Progress, VaultStorage } from './ports.ts';
import { invitedCluster, lookInvitation, register } from './registration.ts';
import { type AccountState, readBundle, releaseVaultSecret, type SignedIn, signIn } from './sign-in.ts';
import { keepSignUp, readSignUp, type SignUp } from './sign-up-file.ts';
import { unlockAccount } from './unlock.ts';
import { openVault, type Vault } from './vault.ts';

export interface NewAccount {
  /** See `resolveAddress`. */
  readonly address: Address;
  readonly invitation: string;
  readonly suite: string;
  readonly roaming: boolean;
  readonly vault: VaultMode;
  readonly deviceName: DeviceName;
  readonly passphrase: string;
  /** Required for an `advanced` vault. */
  readonly vaultPassphrase?: string | undefined;
  readonly progress?: Progress | undefined;
}

/**
 * Signs up, or goes on with a sign-up of this address that broke off: whatever was durable then is taken up, whatever
 * was not is made anew. Throws `account-exists`, `passphrase-too-weak`, `wrong-passphrase` (another than the one that
 * was registered), the refusals of invitations and names, and the faults of the connection.
 */
export async function createAccount(
  platform: Platform,
  storage: VaultStorage,
  options: NewAccount,
): Promise<OpenSession> {
  checkPassphrase(options.passphrase);
  if (options.vault === 'advanced') checkPassphrase(options.vaultPassphrase ?? '');
  if ((await storage.read('account')) !== null) return finishedBefore(platform, storage, options);
  const run = () => repeatInterrupted(() => new SignUpRun(platform, storage, options).run());
  try {
    return await run();
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.code !== 'sign-up-expired') throw cause;
    return await run();
  }
}

/** The account file came last but for the removal of the sign-up file. */
async function finishedBefore(platform: Platform, storage: VaultStorage, options: NewAccount): Promise<OpenSession> {
  if ((await storage.read('sign-up')) === null) {
    throw new KeyboxUsageFault('account-exists', 'this account is here already');
  }
  const session = await unlockAccount(platform, storage, options);
  await storage.remove('sign-up');
  return session;
}

class SignUpRun {
  readonly #platform: Platform;
  readonly #storage: VaultStorage;
  readonly #options: NewAccount;
  readonly #cluster: Cluster;

  constructor(platform: Platform, storage: VaultStorage, options: NewAccount) {
    this.#platform = platform;
    this.#storage = storage;
    this.#options = options;
    const suite = platform.suites.byName(options.suite);
    this.#cluster = invitedCluster(options.invitation, { domain: addressDomain(options.address), suite });
  }

  async run(): Promise<OpenSession> {
    const begun = await this.#begin();
    const { signUp, signedIn } = await this.#enter(begun);
    using _passcode = signedIn.signIn.exportKey;
    try {
      const { address } = signUp;
      const state = await readBundle(this.#platform, signedIn, { address, cluster: this.#cluster });
      if (state.signUp === null || !equal(state.signUp.id, signUp.id)) {
        throw new ProtocolPolicyFault('address-taken', 'this address belongs to an account that was made elsewhere');
      }
      return await this.#enrol(signUp, { signedIn, state, step: state.signUp.step });
    } catch (cause) {
      if (cause instanceof Fault && cause.code === 'sign-up-expired') {
        await keepSignUp(this.#storage, { ...this.#fresh(signUp.policyKey), stage: 'started' });
      }
      throw cause;
    } finally {
      signedIn.channel.close();
    }
  }

  /** The sign-up that goes on, or a new one, whose invitation is looked at first. */
  async #begin(): Promise<SignUp> {
    const known = await readSignUp(this.#storage);
    if (known !== null && known.stage !== 'started') return known;
    this.#tell('invitation');
    const { policyKey } = await lookInvitation(this.#platform, this.#cluster, this.#options.invitation);
    return keepSignUp(this.#storage, this.#fresh(policyKey));
  }

  #fresh(policyKey: Uint8Array | null): SignUp {
    const { primitives, suites } = this.#platform;
    const { invitation, address, suite, deviceName, roaming, vault } = this.#options;
    return {
      v: 1,
      id: primitives.randomBytes(16),
      stage: 'started',
      invitation,
      address,
      domain: addressDomain(address),
      suite: suites.byName(suite).id,
      deviceName,
      roaming,
      vaultMode: vault,
      vaultId: primitives.randomBytes(16),
      exemption: primitives.randomBytes(32),
      policyKey,
    };
  }

  /** Registers unless that was done, and signs in. */
  async #enter(begun: SignUp): Promise<{ readonly signUp: SignUp; readonly signedIn: SignedIn }> {
    if (begun.stage === 'registered') {
      try {
        return { signUp: begun, signedIn: await this.#signIn(begun) };
      } catch (cause) {
        const again = await this.#registerExpired(begun, cause);
        return { signUp: again, signedIn: await this.#signIn(again) };
      }
    }
    const signUp =
      begun.stage === 'started' ? await this.#register(begun, begun) : await this.#registerUnlessHeard(begun);
    return { signUp, signedIn: await this.#signIn(signUp) };
  }

  async #register(signUp: SignUp, otherwise: SignUp): Promise<SignUp> {
    this.#tell('registration');
    const { passphrase } = this.#options;
    const home = { cluster: this.#cluster, storage: this.#storage };
    return register(this.#platform, home, { signUp, otherwise, passphrase });
  }

  /** Nobody here knows whether the server heard the registration: it refuses a second one if it did. */
  async #registerUnlessHeard(signUp: SignUp): Promise<SignUp> {
    try {
      return await this.#register(signUp, signUp);
    } catch (cause) {
      if (!(cause instanceof Fault) || !HELD.has(cause.code)) throw cause;
      return keepSignUp(this.#storage, { ...signUp, stage: 'registered' });
    }
  }

  /**
   * An unknown account looks like a wrong passphrase. Only if the server lets the name be registered anew was the
   * reservation given up; the vault of the old one is left behind.
   */
  async #registerExpired(signUp: SignUp, rejection: unknown): Promise<SignUp> {
    if (!(rejection instanceof KeyboxPolicyFault) || rejection.code !== 'wrong-passphrase') throw rejection;
    try {
      return await this.#register(this.#fresh(signUp.policyKey), signUp);
    } catch (cause) {
      throw cause instanceof Fault && cause.blame === 'policy' ? rejection : cause;
    }
  }

  #signIn({ address, exemption }: SignUp): Promise<SignedIn> {
    this.#tell('sign-in');
    const { passphrase } = this.#options;
    return signIn(this.#platform, this.#cluster, { address, passphrase, pinned: null, exemption });
  }

  async #enrol(signUp: SignUp, entered: Entered): Promise<OpenSession> {
    using vaultSecret = await this.#vaultSecret(signUp, entered);
    this.#tell('vault');
    const vault = await this.#vault(signUp, vaultSecret);
    let account: AccountFile;
    try {
      account = await this.#publish(signUp, { ...entered, vault, vaultSecret });
      await this.#keep(account, { vault, vaultSecret });
    } catch (cause) {
      await vault.close();
      throw cause;
    }
    const session = await openSession(this.#platform, this.#storage, { account, vault, vaultSecret });
    this.#tell('done');
    return session;
  }

  /** Certificates, genesis, account room and bundle, each unless it was done before. */
  async #publish(signUp: SignUp, enrolment: Enrolment): Promise<AccountFile> {
    const { vault, signedIn, step } = enrolment;
    const { channel } = signedIn;
    using password = keyFilePassword(enrolment.vaultSecret, signUp.vaultId);
    this.#tell('certificate');
    await this.#certify(signUp, { ...enrolment, password });
    this.#tell('genesis');
    const [first] = await vault.parts.keys.query<{ envelope: Uint8Array }>('SELECT envelope FROM chain WHERE seq = 0');
    const genesis = envelope.parse((first as { envelope: Uint8Array }).envelope);
    if (step === 'registered') await channel.call('accounts.genesis', { envelope: genesis });
    this.#tell('account-room');
    const chain = restoreChain([genesis]);
    const [device] = chain.devices.values();
    const { id: deviceId } = device as { readonly id: Uint8Array };
    const account = accountOf(signUp, { enrolment, deviceId, fingerprint: chain.fingerprint });
    if (step === 'complete') return account;
    const completion = await prepareCompletion(this.#platform, vault, {
      chain,
      deviceId,
      roaming: signUp.roaming,
      bundle: enrolment.state.bundle,
      passcode: signedIn.signIn.exportKey,
    });
    await this.#complete(completion, { account, enrolment, password });
    return account;
  }

  async #certify(
    signUp: SignUp,
    { vault, signedIn, password }: Enrolment & { readonly password: Secret },
  ): Promise<void> {
    const { keys } = vault.parts;
    const pending = await readMeta(keys, META.certificateKey);
    if (pending === null) return;
    using certificateKey = new Secret(pending);
    const { address, deviceName } = signUp;
    const suite = this.#platform.suites.byId(signUp.suite);
    const containerKey = currentUserKey(await ownChain(vault, null)).container;
    const { caFingerprint } = this.#cluster;
    await orderCertificates(
      this.#platform,
      { storage: this.#storage, keys, password },
      {
        order: { address, deviceName, suite, caFingerprint, certificateKey, containerKey },
        certify: (input) => signedIn.channel.call('devices.certify', input),
      },
    );
  }

  /** Sends the last request and keeps the heads that answer it. */
  async #complete(completion: Completion, { account, enrolment, password }: Completing): Promise<void> {
    const { vault, signedIn } = enrolment;
    const { channel } = signedIn;
    const { chainHead, roomHead } = await channel.call('accounts.complete', completion);
    const { primitives, suites, clock } = this.#platform;
    const identity = await loadIdentity(this.#platform, { account, vault, storage: this.#storage, password });
    const link = {
      call: channel.call.bind(channel),
      onEvent: () => () => {},
      connected: true,
      origin: account.origin,
      close() {},
    };
    const heads = new Heads({ identity, link, primitives, suites, clock, ...vault.parts });
    const kept = [
      await heads.accept({ kind: 'chain', id: account.fingerprint }, chainHead),
      await heads.accept({ kind: 'room', id: identity.accountRoom }, roomHead),
    ];
    await vault.parts.keys.apply(kept);
  }

  /** Everything is at the server: from here on there is an account. */
  async #keep(
    account: AccountFile,
    { vault, vaultSecret }: { readonly vault: Vault; readonly vaultSecret: Secret },
  ): Promise<void> {
    const { passphrase } = this.#options;
    const { vaultId, vaultMode } = account;
    await vault.parts.keys.apply([{ sql: 'DELETE FROM meta WHERE name = ?', parameters: [META.completion] }]);
    if (vaultMode === 'normal') {
      await writeOfflineWrap(this.#platform, this.#storage, { passphrase, vaultId, vaultSecret });
    }
    await this.#storage.replace('account', accountFile.encode(account));
    await this.#storage.remove('sign-up');
  }

  /** From the server in normal mode; in advanced mode from the keystore if there is one, else new. */
  async #vaultSecret({ vaultId, vaultMode }: SignUp, { signedIn, state }: Entered): Promise<Secret> {
    const { unlockKey } = state.bundle;
    if (vaultMode === 'normal') return releaseVaultSecret(this.#platform, signedIn.channel, { unlockKey, vaultId });
    const local = (await this.#keystore(vaultId))?.local ?? null;
    if (local === null) return new Secret(this.#platform.primitives.randomBytes(32));
    const binding = { label: 'sotto/vault/advanced/v1', vaultId, expiresAt: null } as const;
    const passphrase = this.#options.vaultPassphrase ?? '';
    const vaultSecret = await unwrapVaultSecret(this.#platform, passphrase, { binding, wrap: local });
    if (vaultSecret !== null) return vaultSecret;
    throw new KeyboxPolicyFault('wrong-passphrase', 'not the vault passphrase that this sign-up was begun with');
  }

  async #vault(signUp: SignUp, vaultSecret: Secret): Promise<Vault> {
    if ((await this.#keystore(signUp.vaultId)) !== null) return openVault(this.#platform, this.#storage, vaultSecret);
    await this.#storage.remove('keystore');
    return createVault(this.#platform, this.#storage, {
      signUp,
      vaultSecret,
      caFingerprint: this.#cluster.caFingerprint,
      vaultPassphrase: signUp.vaultMode === 'advanced' ? (this.#options.vaultPassphrase ?? '') : null,
    });
  }

  /** Null also for the keystore of a sign-up that was given up. */
  async #keystore(vaultId: Uint8Array): Promise<ReturnType<typeof parseKeystore> | null> {
    const content = await this.#storage.read('keystore');
    if (content === null) return null;
    const file = parseKeystore(content);
    return equal(file.vaultId, vaultId) ? file : null;
  }

  #tell(step: string): void {
    this.#options.progress?.(step);
  }
}

interface Entered {
  readonly signedIn: SignedIn;
  readonly state: AccountState;
  readonly step: SignUpStep;
}

interface Enrolment extends Entered {
  readonly vault: Vault;
  readonly vaultSecret: Secret;
}

interface Completing {
  readonly account: AccountFile;
  readonly enrolment: Enrolment;
  readonly password: Secret;
}

function accountOf(signUp: SignUp, { enrolment, deviceId, fingerprint }: AccountFacts): AccountFile {
  const { address, suite, deviceName, domain, vaultId, vaultMode, exemption } = signUp;
  const { origin, caFingerprint } = parseInvitation(signUp.invitation);
  const { parameters } = enrolment.signedIn.signIn;
  const facts = { address, suite, deviceName, origin, domain, caFingerprint, fingerprint, deviceId };
  return { v: 1, ...facts, vaultId, vaultMode, exemption, parameters };
}

interface AccountFacts {
  readonly enrolment: Enrolment;
  readonly deviceId: Uint8Array;
  readonly fingerprint: Uint8Array;
}

const HELD: ReadonlySet<string> = new Set(['invitation-used', 'address-taken']);
