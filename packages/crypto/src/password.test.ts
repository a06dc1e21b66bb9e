import { hex } from '@sotto/bytes';
import { assert, describe, test } from 'vitest';
import { nodePrimitives } from './node/index.ts';
import { argon2Ceiling, argon2Floor, checkArgon2Parameters, passphraseBytes, stretch } from './password.ts';
import type { Argon2Parameters } from './ports.ts';

describe('checkArgon2Parameters', () => {
  test('floor and ceiling pass', () => {
    assert.isNull(refusal(argon2Floor));
    assert.isNull(refusal(argon2Ceiling));
  });

  test('one below the floor is a downgrade, one above the ceiling too costly', () => {
    for (const name of ['memoryKib', 'passes', 'parallelism'] as const) {
      assert.strictEqual(refusal({ ...argon2Floor, [name]: argon2Floor[name] - 1 }), 'kdf-downgrade');
      assert.strictEqual(refusal({ ...argon2Ceiling, [name]: argon2Ceiling[name] + 1 }), 'kdf-too-costly');
      assert.strictEqual(refusal({ ...argon2Floor, [name]: Number.NaN }), 'kdf-downgrade');
      assert.strictEqual(refusal({ ...argon2Floor, [name]: 2.5e9 + 0.5 }), 'kdf-downgrade');
    }
  });

  test('memory and passes never fall below what was pinned; parallelism may', () => {
    const pinned = { memoryKib: 128 * 1024, passes: 4, parallelism: 2 };
    assert.isNull(refusal(pinned, pinned));
    assert.isNull(refusal({ ...pinned, parallelism: 1 }, pinned));
    assert.strictEqual(refusal({ ...pinned, passes: 3 }, pinned), 'kdf-downgrade');
    assert.strictEqual(refusal({ ...pinned, memoryKib: 127 * 1024, passes: 9 }, pinned), 'kdf-downgrade');
  });
});

describe('passphraseBytes', () => {
  test('one passphrase, however a keyboard spells it', () => {
    const bytes = (text: string) => hex(passphraseBytes(text).unsafeExpose('test'));
    assert.strictEqual(bytes('caf\u00e9 au lait'), bytes('cafe\u0301\u00a0au\u3000lait'));
    assert.notStrictEqual(bytes('Caf\u00e9'), bytes('caf\u00e9'));
    assert.strictEqual(bytes('a b'), '612062');
  });
});

describe('stretch', () => {
  test('is Argon2id over the normalised passphrase', async () => {
    const options = { salt: new Uint8Array(16).fill(7), parameters: argon2Floor };
    const [composed, decomposed] = await Promise.all([
      stretch(primitives, 'caf\u00e9', options),
      stretch(primitives, 'cafe\u0301', options),
    ]);
    assert.strictEqual(composed?.length, 32);
    assert.strictEqual(hex(composed.unsafeExpose('test')), hex(decomposed.unsafeExpose('test')));
  });

  test('refuses without running', async () => {
    const idle = { ...primitives, argon2id: () => assert.fail('Argon2id ran') };
    const salt = new Uint8Array(16);
    for (const [parameters, code] of [
      [{ memoryKib: 8, passes: 1, parallelism: 1 }, 'kdf-downgrade'],
      [{ memoryKib: 2 ** 30, passes: 1e9, parallelism: 1 }, 'kdf-too-costly'],
    ] as const) {
      const fault = await stretch(idle, 'words', { salt, parameters }).catch((caught) => caught);
      assert.strictEqual(fault.code, code);
    }
  });
});

function refusal(parameters: Argon2Parameters, pinned: Argon2Parameters | null = null): string | null {
  try {
    checkArgon2Parameters(parameters, pinned);
    return null;
  } catch (fault) {
    return (fault as { code: string }).code;
  }
}

const primitives = nodePrimitives();
