import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { equal, hex } from '@sotto/bytes';
import { opaque, passphraseBytes, Secret } from '@sotto/crypto';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { credentialsOf } from '../accounts/credentials.ts';
import { PASSPHRASE, TestHome } from '../home.fixture.ts';

/** How many words are tried: a few by default, as many as one likes by hand. */
const WORDS = Number(process.env['SOTTO_DICTIONARY_WORDS'] ?? 200);
const HIDDEN_AT = 90;

describe('R7: a stolen database and a dictionary', () => {
  let home: TestHome;
  /** What the thief has of the victim's passphrase. */
  let record: Uint8Array;
  let address: string;

  beforeAll(async () => {
    home = await TestHome.open('dictionary');
    const { account } = await home.signUp('victor');
    address = account.address;
    record = (await credentialsOf(home.store, account.address, home.now()))?.record as Uint8Array;
  });

  afterAll(() => home.close());

  test('attack with the database alone: no word of the list is known from any other', async () => {
    const thief = opaque.createSetup(home.world.primitives);
    assert.strictEqual(await guess(thief), null);
  });

  test('control: with the OPRF seed, which lies elsewhere, the passphrase is found', async () => {
    assert.strictEqual(await guess(home.cluster.opaque), HIDDEN_AT);
  });

  test('the seed is in no file of the database', () => {
    const seed = hex(home.cluster.opaque.oprfSeed.unsafeExpose('searched for'));
    const files = readdirSync(home.directory).filter((name) => name !== 'keys');
    assert.include(files.join(), 'sotto.db');
    for (const name of files) {
      assert.notInclude(readFileSync(join(home.directory, name)).toString('hex'), seed.slice(0, 32), name);
    }
  });

  /** Index of the word whose record is the stolen one, under an OPRF seed; stretching costs the thief nothing here. */
  async function guess(setup: opaque.ServerSetup): Promise<number | null> {
    const { primitives } = home.world;
    const binding = opaque.opaqueBinding(address, home.cluster.domain);
    for (let i = 0; i < WORDS; i++) {
      const word = i === HIDDEN_AT ? PASSPHRASE : `correct horse battery staple ${i}`;
      using passphrase = passphraseBytes(word);
      const { state, request } = opaque.registrationStart(primitives, passphrase);
      const response = opaque.registrationResponse(setup, request, binding);
      const stretching = async (output: Uint8Array) => new Secret(output);
      const made = await opaque.registrationFinish(primitives, state, { response, binding, stretching });
      made.exportKey.dispose();
      // The masking key follows from passphrase and seed alone.
      if (equal(made.record.subarray(32, 96), record.subarray(32, 96))) return i;
    }
    return null;
  }
});
