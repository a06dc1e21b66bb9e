import { Fault } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { type AccountBundle, type Address, openBundle, sealBundle } from '@sotto/protocol';
import { assert, describe, test } from 'vitest';
import type { Platform } from './ports.ts';
import type { RequestChannel } from './request-channel.ts';
import { releaseVaultSecrets, sealVaultBlob } from './sign-in.ts';

const primitives = nodePrimitives();
const vaultId = new Uint8Array(16).fill(3);
const vaultSecret = new Uint8Array(32).fill(5);
const secrets = { signing: new Uint8Array(64), kem: new Uint8Array(64), certificateKey: new Uint8Array(48) };
const bundle: AccountBundle = {
  v: 1,
  version: 0,
  unlockKey: new Uint8Array(32).fill(7),
  olderUnlockKeys: [],
  roaming: secrets,
  kitRoaming: null,
  fingerprint: null,
  chain: null,
  accountRoom: null,
  caFingerprint: new Uint8Array(32),
};

describe('R9: keys that the server keeps wrapped, altered bit by bit', () => {
  test('attack on the vault secret: every bit ends alike, and the client asks nothing more', async () => {
    using secret = new Secret(vaultSecret);
    const blob = await sealVaultBlob(primitives, secret, { unlockKey: bundle.unlockKey, vaultId });
    const asked: string[] = [];
    const seen = await everyBit(blob, (altered) => release([altered], asked));
    assert.deepEqual(seen, new Set([OPEN_FAILED]));
    assert.deepEqual(new Set(asked), new Set(['vaults.release']));
    assert.lengthOf(asked, blob.length * 8);
  });

  test('attack on the keys of the roaming device in the account bundle', async () => {
    using passcode = new Secret(new Uint8Array(64).fill(9));
    const sealed = await sealBundle(primitives, passcode, { bundle, binding });
    const seen = await everyBit(sealed, (altered) => openBundle(primitives, passcode, { sealed: altered, binding }));
    assert.deepEqual(seen, new Set([OPEN_FAILED]));
  });

  test('control: unaltered, both open', async () => {
    using secret = new Secret(vaultSecret);
    const blob = await sealVaultBlob(primitives, secret, { unlockKey: bundle.unlockKey, vaultId });
    const [released] = await release([blob]);
    assert.deepEqual(released.vaultSecret.unsafeExpose('test'), vaultSecret);
    using passcode = new Secret(new Uint8Array(64).fill(9));
    const sealed = await sealBundle(primitives, passcode, { bundle, binding });
    assert.deepEqual(await openBundle(primitives, passcode, { sealed, binding }), bundle);
  });
});

/** What a client makes of the answer to its one question. */
function release(blobs: readonly Uint8Array[], asked: string[] = []): ReturnType<typeof releaseVaultSecrets> {
  const channel: Pick<RequestChannel, 'call'> = {
    call: async (name) => {
      asked.push(name);
      return { blobs } as never;
    },
  };
  return releaseVaultSecrets({ primitives } as Platform, channel as RequestChannel, { bundle, vaultId });
}

/** Everything that a caller and a watching server can tell of the attempts with one bit turned. */
async function everyBit(whole: Uint8Array, work: (altered: Uint8Array) => Promise<unknown>): Promise<Set<string>> {
  const seen = new Set<string>();
  for (let bit = 0; bit < whole.length * 8; bit++) {
    const altered = Uint8Array.from(whole);
    altered[bit >> 3] = (altered[bit >> 3] as number) ^ (1 << (bit & 7));
    seen.add(await work(altered).then(() => 'opened', told));
  }
  return seen;
}

function told(cause: unknown): string {
  return cause instanceof Fault ? JSON.stringify([cause.code, cause.message, cause.detail]) : String(cause);
}

const binding = { address: 'alice@example.org' as Address, suite: 2 };
const OPEN_FAILED = JSON.stringify(['open-failed', 'the sealed bytes do not open', {}]);
