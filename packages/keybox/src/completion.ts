import { type CborValue, decodeCbor, encodeCbor } from '@sotto/bytes';
import { Secret, sha256 } from '@sotto/crypto';
import {
  type AccountBundle,
  type Chain,
  chainExtent,
  type DeviceSecrets,
  type Envelope,
  type OperationInput,
  type Operations,
  operations,
  sealBundle,
  sealSeed,
} from '@sotto/protocol';
import { createAccountRoom } from './account-room.ts';
import { type StatementContent, signNextStatement } from './chain-statement.ts';
import { chainRow } from './chains.ts';
import { makeRoamingDevice, wipeDeviceSecrets } from './device-secrets.ts';
import { META } from './enrolment.ts';
import { readMeta, writeMeta } from './meta.ts';
import type { Platform, SqlStatement } from './ports.ts';

import type { Vault } from './vault.ts';

/** The last request of a sign-up. */
export type Completion = OperationInput<Operations['accounts.complete']>;

export interface CompletionInput {
  /** The genesis alone. */
  readonly chain: Chain;
  readonly deviceId: Uint8Array;
  readonly roaming: boolean;
  readonly bundle: AccountBundle;
  readonly passcode: Secret;
}

/**
 * Makes account room, roaming device and bundle, and keeps them with everything that they mean for this vault in one
 * transaction. A repeated sign-up finds the same bytes and sends them again.
 */
export async function prepareCompletion(platform: Platform, vault: Vault, input: CompletionInput): Promise<Completion> {
  const { keys } = vault.parts;
  const kept = await readMeta(keys, META.completion);
  if (kept !== null) return operations['accounts.complete'].input.parse(decodeCbor(kept));
  const { suites, primitives } = platform;
  const suite = suites.byId(input.chain.suite);
  const room = await createAccountRoom(platform, { ...input, suite, signing: vault.keys.signing.secretKey });
  const chain = new GrowingChain(platform, vault, input);
  const roaming = input.roaming ? await addRoamingDevice(platform, vault, chain) : null;
  const bundle: AccountBundle = {
    ...input.bundle,
    version: 1,
    roaming,
    fingerprint: input.chain.fingerprint,
    chain: chainExtent(chain.chain),
    accountRoom: room.id,
  };
  const binding = { address: input.chain.address, suite: suite.id };
  const sealed = await sealBundle(primitives, input.passcode, { bundle, binding });
  if (roaming !== null) wipeDeviceSecrets(roaming);
  await chain.append({ type: 'bundle.set', body: { version: 1, hash: sha256(sealed) } });
  const completion: Completion = { room: room.statements, statements: chain.envelopes, bundle: sealed };
  await keys.apply([
    ...room.rows,
    ...chain.rows,
    writeMeta(META.accountRoom, room.id),
    writeMeta(META.completion, encodeCbor(completion as unknown as CborValue)),
  ]);
  return completion;
}

/** The own chain and the statements that this device adds to it. */
class GrowingChain {
  readonly envelopes: Envelope[] = [];
  readonly rows: SqlStatement[] = [];
  chain: Chain;
  readonly #platform: Platform;
  readonly #vault: Vault;
  readonly #deviceId: Uint8Array;

  constructor(platform: Platform, vault: Vault, { chain, deviceId }: CompletionInput) {
    this.chain = chain;
    this.#platform = platform;
    this.#vault = vault;
    this.#deviceId = deviceId;
  }

  async append(content: StatementContent): Promise<void> {
    const signers = [{ id: this.#deviceId, signing: this.#vault.keys.signing.secretKey }];
    const { envelope, chain } = await signNextStatement(this.#platform, this.chain, { content, signers });
    this.chain = chain;
    this.envelopes.push(envelope);
    this.rows.push(chainRow(chain, envelope));
  }
}

/** Admits the device whose keys lie sealed at the server; this vault forgets them at once. */
async function addRoamingDevice({ suites }: Platform, vault: Vault, chain: GrowingChain): Promise<DeviceSecrets> {
  const suite = suites.byId(chain.chain.suite);
  const { device, secrets } = await makeRoamingDevice(suite, chain.chain);
  const stored = (await readMeta(vault.parts.keys, META.userKey)) as Uint8Array;
  using seed = new Secret(stored);
  const account = chain.chain.fingerprint;
  const sealedSeed = await sealSeed(suite, seed, { account, device, generation: 0 });
  await chain.append({ type: 'device.add', body: { device, generation: 0, sealedSeed, expiresAt: null } });
  return secrets;
}
