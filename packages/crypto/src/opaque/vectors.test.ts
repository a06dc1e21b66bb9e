import { hex, utf8 } from '@sotto/bytes';
import { vectorFile } from '@sotto/testing';
import { assert, test } from 'vitest';
import { sha256 } from '../hash.ts';
import { nodePrimitives } from '../node/index.ts';
import { argon2Floor } from '../password.ts';
import { inputs, opaqueRun } from './run.fixture.ts';

test('registration and sign-in make the bytes of vectors/opaque.json', async () => {
  assert.deepEqual(await make(), await vectorFile('opaque.json', make));
});

async function make() {
  const random: string[] = [];
  const outputs = await opaqueRun(nodePrimitives({ randomBytes: recorded(random) }));
  const source = '@sotto/crypto; RFC 9807 with the context and identities of docs/spec/channel.md';
  return { source, inputs, parameters: argon2Floor, random, outputs };
}

/** SHA-256 in counter mode; each answer is noted, in the order it was asked for. */
function recorded(drawn: string[]): (length: number) => Uint8Array<ArrayBuffer> {
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let offset = 0; offset < length; offset += 32) {
      const block = sha256(utf8(`opaque ${drawn.length} ${offset}`));
      bytes.set(block.subarray(0, Math.min(32, length - offset)), offset);
    }
    drawn.push(hex(bytes));
    return bytes;
  };
}
