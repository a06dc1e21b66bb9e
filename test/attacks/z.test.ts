import { assert, describe, test } from 'vitest';
import { secureEvent } from '../../packages/call-node/src/media-event.ts';
import { CallReport } from '../../packages/cli/src/actions/call-report.ts';
import type { World } from '../../packages/cli/src/context.ts';
import { openOutput } from '../../packages/cli/src/output.ts';
import { asExchange, assertAgreed, End, only, run, secretOf } from '../../packages/zrtp/src/zrtp.fixture.ts';

describe('Zx1: an exchange at the other end', () => {
  test('attack by an end that passes the talk on: whoever is told of the keys is warned', () => {
    const agreed = toExchange({ verified: false });
    assert.include(toldOf(agreed, { json: false }), 'WARNING: the other end is an exchange');
    assert.isTrue(JSON.parse(toldOf(agreed, { json: true })).peerIsExchange);
  });

  test('attack by one that was compared in an earlier call: warned again', () => {
    const told = toldOf(toExchange({ verified: true }), { json: false });
    assert.match(told, /^WARNING: the other end is an exchange.*\n.*You compared in an earlier call/);
  });

  test('control: an end that is none', () => {
    const [left, right] = pair({ verified: false });
    run(left, right);
    assertAgreed(left, right);
    assert.notInclude(toldOf(left.agreed, { json: false }), 'WARNING');
    assert.isFalse(JSON.parse(toldOf(left.agreed, { json: true })).peerIsExchange);
  });
});

function toExchange(kept: { readonly verified: boolean }): End['agreed'] {
  const [left, right] = pair(kept);
  run(left, right, asExchange(right, RIGHT));
  return left.agreed;
}

/** Two who have talked before. */
function pair({ verified }: { readonly verified: boolean }): readonly [End, End] {
  const choices = only('S256', 'AES1', 'X255', 'B32');
  const kept = { rs1: secretOf(7), rs2: null, aux: null, verified };
  return [new End('left', { seed: 1, choices }, kept), new End('right', { seed: RIGHT, choices }, kept)];
}

/** What a person, or a program, reads. */
function toldOf(agreed: End['agreed'], { json }: { readonly json: boolean }): string {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text) };
  const world = { stdout: stream, stderr: stream, env: {} } as unknown as World;
  if (agreed === null) throw new Error('no keys');
  new CallReport(openOutput(world, { json, quiet: false })).secure(secureEvent(agreed));
  return written.join('');
}

/** Its Commit wins, as `asExchange` needs. */
const RIGHT = 3;
