import { equal, Fault, hex } from '@sotto/bytes';
import { Secret, sha256 } from '@sotto/crypto';
import {
  type Address,
  activeDevices,
  type Chain,
  chainExtent,
  type DeviceName,
  type DeviceSecrets,
  deviceId,
  type LinkKeys,
  type LinkRequest,
  linkKeys,
  ProtocolPeerFault,
  parseDeviceName,
  parseLinkCode,
  protectLinkAnswer,
  type RecoveryBundle,
  recoveryKeys,
  sealKitRoaming,
  sealRecoveryBundle,
  verifyLinkRequest,
} from '@sotto/protocol';
import type { Chains } from '../chains.ts';
import { makeDeviceSecrets, wipeDeviceSecrets } from '../device-secrets.ts';
import type { PassphraseChange } from '../devices/passphrase-change.ts';
import { KeyboxPeerFault } from '../fault.ts';
import type { Session } from '../session.ts';
import type { Turns } from '../turns.ts';
import { type Endorser, endorse } from './endorsement.ts';
import { endKit, type KitProof } from './kit-end.ts';

/** A new device that waits to be admitted, for a person to compare with the other screen. */
export interface LinkView {
  readonly address: Address;
  /** As it wants to be called. */
  readonly name: DeviceName;
  /** Id of the device, hexadecimal. */
  readonly device: string;
}

export interface EnrolmentsOptions {
  readonly chains: Chains;
  readonly turns: Turns;
  changePassphrase(change: PassphraseChange): Promise<void>;
}

/** How this device lets others into the account. */
export class Enrolments {
  readonly #session: Session;
  readonly #chains: Chains;
  readonly #turns: Turns;
  readonly #changePassphrase: (change: PassphraseChange) => Promise<void>;

  constructor(session: Session, { chains, turns, changePassphrase }: EnrolmentsOptions) {
    this.#changePassphrase = changePassphrase;
    this.#session = session;
    this.#chains = chains;
    this.#turns = turns;
  }

  /**
   * Who waits under a code. Throws `link-code-malformed`, `link-unknown`, `link-used`, `link-expired`, and
   * `link-request-invalid` for a request that the holder of the code did not write, or of another account.
   */
  async showLink(code: string): Promise<LinkView> {
    using secret = parseLinkCode(code);
    using keys = linkKeys(secret);
    const { request } = await this.#read(keys);
    return { address: request.address, name: request.device.name, device: this.#idOf(request) };
  }

  /** Admits the device that waits under a code; `device` is the id that was shown. Throws what `showLink` throws. */
  async approveLink(code: string, device: string): Promise<LinkView> {
    return this.#turns.run(async () => {
      using secret = parseLinkCode(code);
      using keys = linkKeys(secret);
      const { request, hash } = await this.#read(keys);
      if (this.#idOf(request) !== device) throw requestInvalid('another device than was shown');
      return await this.#racing(() => this.#admit(keys, { request, hash }));
    });
  }

  /** Whether the account has a recovery kit. */
  async hasRecoveryKey(): Promise<boolean> {
    const own = await this.#own();
    return activeDevices(own).some(({ kind }) => kind === 'recovery');
  }

  /**
   * Makes a recovery kit of a key of 16 random bytes and puts it in force; the key stays nowhere here. The kit before it
   * ends: that takes its own key, or the roaming device as a second signer. Throws `second-signer-needed` without either.
   */
  async setRecoveryKey(key: Uint8Array, proof: KitProof = {}): Promise<void> {
    await this.#turns.run(() => this.#racing(() => this.#setKit(key, proof)));
  }

  /**
   * From now on a sign-in on a new machine takes the recovery key beside the passphrase. `passphrase` is the account's
   * own or a new one.
   */
  async bindRoaming(key: Uint8Array, passphrase: string): Promise<void> {
    const { primitives, identity } = this.#session;
    using secret = new Secret(key);
    using keys = recoveryKeys(secret);
    const kit = (secrets: DeviceSecrets) =>
      sealKitRoaming(primitives, keys, { account: identity.fingerprint, secrets });
    await this.#changePassphrase({ passphrase, roaming: { kit } });
  }

  async #setKit(key: Uint8Array, proof: KitProof): Promise<void> {
    const { identity, link, primitives } = this.#session;
    const refreshed = await this.#refreshed();
    const ended = await endKit(this.#session, refreshed, proof);
    const own = ended?.chain ?? refreshed;
    const { device, secrets } = await makeDeviceSecrets(identity.suite, { kind: 'recovery', name: KIT });
    const { envelope, chain } = await endorse(this.#session, own, {
      endorser: { ...this.#endorser(), ...ended?.newest },
      device,
    });
    const bundle: RecoveryBundle = {
      v: 1,
      address: identity.address,
      suite: identity.suite.id,
      fingerprint: identity.fingerprint,
      chain: chainExtent(chain),
      caFingerprint: identity.caFingerprint,
      accountRoom: identity.accountRoom,
      device: deviceId(identity.suite.id, device),
      secrets,
    };
    using secret = new Secret(key);
    using keys = recoveryKeys(secret);
    const sealed = await sealRecoveryBundle(primitives, keys, bundle);
    wipeDeviceSecrets(secrets);
    await link.call('recovery.set', {
      kit: sha256(keys.lookup),
      bundle: sealed,
      statements: [...(ended?.statements ?? []), envelope],
    });
    await this.#refreshed();
  }

  async #admit(
    keys: LinkKeys,
    { request, hash }: { readonly request: LinkRequest; readonly hash: Uint8Array },
  ): Promise<LinkView> {
    const { identity, link } = this.#session;
    const { address, fingerprint, caFingerprint, accountRoom } = identity;
    const own = await this.#refreshed();
    const { envelope, chain } = await endorse(this.#session, own, {
      endorser: this.#endorser(),
      device: request.device,
    });
    const facts = { address, fingerprint, chain: chainExtent(chain), caFingerprint, accountRoom };
    const answer = protectLinkAnswer(keys, { v: 1, request: hash, ...facts });
    await link.call('links.answer', { mailbox: keys.mailbox, answer, envelope });
    await this.#refreshed();
    const id = this.#idOf(request);
    return { address, name: (chain.devices.get(id) as { readonly name: DeviceName }).name, device: id };
  }

  async #read(keys: LinkKeys) {
    const { identity, link } = this.#session;
    const { request: item } = await link.call('links.read', { mailbox: keys.mailbox });
    const read = verifyLinkRequest(keys, item);
    const { request } = read;
    const fits =
      request.address === identity.address && request.suite === identity.suite.id && request.device.kind === 'keybox';
    if (!fits) throw requestInvalid('a device of another account');
    return read;
  }

  /** A statement of another device may come first, a few times. */
  async #racing<Result>(work: () => Promise<Result>): Promise<Result> {
    for (let left = MAX_RACES; ; left--) {
      try {
        return await work();
      } catch (cause) {
        if (left === 0 || !(cause instanceof Fault) || cause.code !== 'chain-stale') throw cause;
      }
    }
  }

  #endorser(): Endorser {
    const { deviceId: id, signing, userKeys } = this.#session.identity;
    return { id, signing: signing.secretKey, seed: (userKeys.at(-1) as (typeof userKeys)[number]).seed };
  }

  #idOf({ device }: LinkRequest): string {
    return hex(deviceId(this.#session.identity.suite.id, device));
  }

  async #refreshed(): Promise<Chain> {
    const { fingerprint, address } = this.#session.identity;
    await this.#chains.refresh(fingerprint, address);
    return this.#own();
  }

  async #own(): Promise<Chain> {
    const chain = await this.#chains.known(this.#session.identity.fingerprint);
    if (chain !== null && equal(chain.fingerprint, this.#session.identity.fingerprint)) return chain;
    throw new KeyboxPeerFault('vault-damaged', 'the own chain is missing from the vault');
  }
}

function requestInvalid(what: string): ProtocolPeerFault {
  return new ProtocolPeerFault('link-request-invalid', `link request: ${what}`);
}

const KIT = parseDeviceName('recovery-kit');
const MAX_RACES = 4;
