import { Secret } from '@sotto/crypto';
import { currentUserKey, envelope, restoreChain } from '@sotto/protocol';
import { type AccountFile, accountFile } from './account-file.ts';
import { orderCertificates } from './certificates.ts';
import { type Completion, prepareCompletion } from './completion.ts';
import { keyFilePassword } from './device-p12.ts';
import { keepUnlockKeys } from './devices/passphrase-change.ts';
import { META } from './enrolment.ts';
import { blobLink } from './files/blob-link.ts';
import { Heads } from './heads.ts';
import { loadIdentity, ownChain } from './identity.ts';
import { readMeta } from './meta.ts';
import type { SignUpContext } from './new-account.ts';
import { writeOfflineWrap } from './offline-wrap.ts';
import type { EnteredSignUp } from './sign-up-entry.ts';
import type { Vault } from './vault.ts';

export interface SignUpVault {
  readonly vault: Vault;
  readonly vaultSecret: Secret;
}

/** The second half of a sign-up: what the vault holds becomes an account, here and at the server. */
export class Publication {
  readonly #context: SignUpContext;
  readonly #entered: EnteredSignUp;
  readonly #vault: Vault;
  readonly #vaultSecret: Secret;

  constructor(context: SignUpContext, entered: EnteredSignUp, { vault, vaultSecret }: SignUpVault) {
    this.#context = context;
    this.#entered = entered;
    this.#vault = vault;
    this.#vaultSecret = vaultSecret;
  }

  /** Certificates, genesis, account room and bundle, each unless it was done before; last the account file. */
  async run(): Promise<AccountFile> {
    const { signUp, step, signedIn } = this.#entered;
    const { keys } = this.#vault.parts;
    using password = keyFilePassword(this.#vault.keys.masterKey, signUp.vaultId);
    this.#tell('certificate');
    await this.#certify(password);
    this.#tell('genesis');
    const [first] = await keys.query<{ envelope: Uint8Array }>('SELECT envelope FROM chain WHERE seq = 0');
    const genesis = envelope.parse((first as { envelope: Uint8Array }).envelope);
    if (step === 'registered') await signedIn.channel.call('accounts.genesis', { envelope: genesis });
    this.#tell('account-room');
    const chain = restoreChain([genesis]);
    const [device] = chain.devices.values();
    const { id: deviceId } = device as { readonly id: Uint8Array };
    const account = accountOf(this.#entered, { deviceId, fingerprint: chain.fingerprint });
    if (step !== 'complete') {
      const { state } = this.#entered;
      const passcode = signedIn.signIn.exportKey;
      const input = { chain, deviceId, roaming: signUp.roaming, bundle: state.bundle, passcode };
      await this.#complete(await prepareCompletion(this.#context.platform, this.#vault, input), { account, password });
    }
    await this.#keep(account);
    return account;
  }

  async #certify(password: Secret): Promise<void> {
    const { platform, storage } = this.#context;
    const { signUp, cluster, signedIn } = this.#entered;
    const { keys } = this.#vault.parts;
    const pending = await readMeta(keys, META.certificateKey);
    if (pending === null) return;
    using certificateKey = new Secret(pending);
    const { address, deviceName } = signUp;
    const suite = platform.suites.byId(signUp.suite);
    const containerKey = currentUserKey(await ownChain(this.#vault, null)).container;
    const { caFingerprint } = cluster;
    const order = { address, deviceName, suite, caFingerprint, certificateKey, containerKey };
    const home = { storage, keys, password };
    await orderCertificates(platform, home, {
      order,
      certify: (input) => signedIn.channel.call('devices.certify', input),
    });
  }

  /** Sends the last request and keeps the heads that answer it. */
  async #complete(
    completion: Completion,
    { account, password }: { readonly account: AccountFile; readonly password: Secret },
  ): Promise<void> {
    const { platform, storage } = this.#context;
    const { channel } = this.#entered.signedIn;
    const vault = this.#vault;
    const { chainHead, roomHead } = await channel.call('accounts.complete', completion);
    const { primitives, suites, clock } = platform;
    const identity = await loadIdentity(platform, { account, vault, storage, password });
    const link = {
      call: channel.call.bind(channel),
      onEvent: () => () => {},
      onEnd: () => () => {},
      connected: true,
      origin: account.origin,
      close() {},
    };
    const blobs = blobLink(platform, account);
    const heads = new Heads({ identity, link, blobs, primitives, suites, clock, ...vault.parts });
    const kept = [
      await heads.accept({ kind: 'chain', id: account.fingerprint }, chainHead),
      await heads.accept({ kind: 'room', id: identity.accountRoom }, roomHead),
    ];
    await vault.parts.keys.apply(kept);
  }

  /** Everything is at the server: from here on there is an account. */
  async #keep(account: AccountFile): Promise<void> {
    const { platform, storage, options } = this.#context;
    const { passphrase } = options;
    const { vaultId, vaultMode } = account;
    const vaultSecret = this.#vaultSecret;
    const { keys } = this.#vault.parts;
    await keys.apply([
      { sql: 'DELETE FROM meta WHERE name = ?', parameters: [META.completion] },
      keepUnlockKeys([this.#entered.state.bundle.unlockKey]),
    ]);
    if (vaultMode === 'normal') await writeOfflineWrap(platform, storage, { passphrase, vaultId, vaultSecret });
    await storage.replace('account', accountFile.encode(account));
    await storage.remove('sign-up');
  }

  #tell(step: string): void {
    this.#context.options.progress?.(step);
  }
}

function accountOf(
  { signUp, cluster, signedIn }: EnteredSignUp,
  { deviceId, fingerprint }: Pick<AccountFile, 'deviceId' | 'fingerprint'>,
): AccountFile {
  const { address, suite, deviceName, vaultId, vaultMode, exemption } = signUp;
  const { origin, domain, caFingerprint } = cluster;
  const { parameters } = signedIn.signIn;
  const facts = { address, suite, deviceName, origin, domain, caFingerprint, fingerprint, deviceId };
  return { v: 1, ...facts, vaultId, vaultMode, exemption, parameters };
}
