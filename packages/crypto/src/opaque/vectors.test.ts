import { readFileSync } from 'node:fs';
import { hex, utf8 } from '@sotto/bytes';
import { assert, test } from 'vitest';
import { sha256 } from '../hash.ts';
import { nodePrimitives } from '../node/index.ts';
import { argon2Floor } from '../password.ts';
import { inputs, opaqueRun } from './run.fixture.ts';

test('registration and sign-in make the bytes of vectors/opaque.json', async () => {
  const drawn: string[] = [];
  const outputs = await opaqueRun(nodePrimitives({ randomBytes: recorded(drawn) }));
  const source = '@sotto/crypto; RFC 9807 with the context and identities of docs/spec/channel.md';
  assert.deepEqual({ source, inputs, parameters: argon2Floor, random: drawn, outputs }, frozen);
});

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

const frozen = JSON.parse(readFileSync(new URL('../../../../vectors/opaque.json', import.meta.url), 'utf8'));
