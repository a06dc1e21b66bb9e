import { hex, parseHex } from '@sotto/bytes';
import { Secret, sha256 } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { codeOf, vectorFile } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import type { Address, DeviceName } from './address.ts';
import {
  formatLinkCode,
  type LinkAnswer,
  type LinkRequest,
  linkKeys,
  linkRequest,
  parseLinkCode,
  protectLinkAnswer,
  protectLinkRequest,
  verifyLinkAnswer,
  verifyLinkRequest,
} from './link.ts';
import {
  formatRecoveryKey,
  openKitRoaming,
  openRecoveryBundle,
  parseRecoveryKey,
  type RecoveryBundle,
  recoveryKeys,
  sealKitRoaming,
  sealRecoveryBundle,
} from './recovery.ts';

const primitives = nodePrimitives();
const key = (first: number): Secret => new Secret(Uint8Array.from({ length: 16 }, (_, i) => first + i));
const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const shown = (secret: Secret): string => hex(secret.unsafeExpose('a key that only vectors have'));

const request: LinkRequest = {
  v: 1,
  address: 'ann@example.org' as Address,
  suite: 2,
  device: { kind: 'keybox', name: 'desk' as DeviceName, signing: bytes(64, 1), kem: bytes(64, 2), spki: bytes(32, 3) },
  at: 1_800_000_000_000,
};
const answer: LinkAnswer = {
  v: 1,
  request: sha256(linkRequest.encode(request)),
  address: request.address,
  fingerprint: bytes(32, 4),
  chain: { length: 4, hash: bytes(32, 5) },
  caFingerprint: bytes(32, 6),
  accountRoom: bytes(32, 7),
};
const secrets = { signing: bytes(64, 8), kem: bytes(32, 9), certificateKey: bytes(48, 10) };
const bundle: RecoveryBundle = {
  v: 1,
  address: request.address,
  suite: 2,
  fingerprint: answer.fingerprint,
  chain: answer.chain,
  caFingerprint: answer.caFingerprint,
  accountRoom: answer.accountRoom,
  device: bytes(32, 11),
  secrets,
};

const vectors = await vectorFile('enrolment.json', async () => {
  const link = linkKeys(key(0));
  const kit = recoveryKeys(key(16));
  return {
    link: {
      code: formatLinkCode(key(0)),
      mailbox: hex(link.mailbox),
      requestKey: shown(link.request),
      answerKey: shown(link.answer),
      request: hex(protectLinkRequest(link, request)),
      answer: hex(protectLinkAnswer(link, answer)),
    },
    recovery: {
      key: formatRecoveryKey(key(16)),
      lookup: hex(kit.lookup),
      bundleKey: shown(kit.bundle),
      roamingKey: shown(kit.roaming),
      bundle: hex(await sealRecoveryBundle(primitives, kit, bundle)),
      account: hex(answer.fingerprint),
      kitRoaming: hex(await sealKitRoaming(primitives, kit, { account: answer.fingerprint, secrets })),
    },
  };
});

describe('link codes', () => {
  test('the vector', () => {
    const { link } = vectors;
    const keys = linkKeys(parseLinkCode(link.code));
    assert.strictEqual(hex(keys.mailbox), link.mailbox);
    assert.strictEqual(shown(keys.request), link.requestKey);
    assert.strictEqual(shown(keys.answer), link.answerKey);
    assert.strictEqual(hex(protectLinkRequest(keys, request)), link.request);
    assert.deepEqual(verifyLinkRequest(keys, parseHex(link.request)).request, request);
    assert.deepEqual(verifyLinkAnswer(keys, parseHex(link.answer), request), answer);
  });

  test('are read in any case and grouping, and refused in any other length', async () => {
    const { code } = vectors.link;
    const typed = `${code.slice(0, 7).toLowerCase()}-${code.slice(7, 20)} ${code.slice(20)}`;
    assert.strictEqual(formatLinkCode(parseLinkCode(typed)), code);
    for (const wrong of ['', code.slice(1), `${code}0`, code.replace('0', '*')]) {
      assert.strictEqual(await codeOf(async () => parseLinkCode(wrong)), 'link-code-malformed', wrong);
    }
  });

  test('no altered item passes, none of another code, and no answer to another request', async () => {
    const keys = linkKeys(key(0));
    const asked = protectLinkRequest(keys, request);
    const answered = protectLinkAnswer(keys, answer);
    for (let at = 0; at < asked.length; at += 5) {
      const altered = asked.map((byte, i) => (i === at ? byte ^ 1 : byte));
      assert.isNotNull(await codeOf(async () => verifyLinkRequest(keys, altered)), `byte ${at}`);
    }
    const refused = async (work: () => unknown) => codeOf(async () => work());
    assert.strictEqual(await refused(() => verifyLinkRequest(linkKeys(key(1)), asked)), 'link-request-invalid');
    assert.strictEqual(
      await refused(() => verifyLinkAnswer(linkKeys(key(1)), answered, request)),
      'link-answer-invalid',
    );
    const other = { ...request, at: request.at + 1 };
    assert.strictEqual(await refused(() => verifyLinkAnswer(keys, answered, other)), 'link-answer-invalid');
    // A request is no answer, though the same code protects both.
    assert.strictEqual(await refused(() => verifyLinkAnswer(keys, asked, request)), 'link-answer-invalid');
    assert.isNull(await refused(() => verifyLinkAnswer(keys, answered, request)));
  });
});

describe('recovery kits', () => {
  test('the vector', async () => {
    const { recovery } = vectors;
    const kit = recoveryKeys(parseRecoveryKey(recovery.key));
    assert.strictEqual(hex(kit.lookup), recovery.lookup);
    assert.strictEqual(shown(kit.bundle), recovery.bundleKey);
    assert.strictEqual(shown(kit.roaming), recovery.roamingKey);
    assert.deepEqual(await openRecoveryBundle(primitives, kit, parseHex(recovery.bundle)), bundle);
    const sealed = { account: parseHex(recovery.account), sealed: parseHex(recovery.kitRoaming) };
    assert.deepEqual(await openKitRoaming(primitives, kit, sealed), secrets);
  });

  test('every single mistyped character of a key is noticed here', async () => {
    const printed = formatRecoveryKey(key(16));
    assert.match(printed, /^(?:[0-9A-Z]{4}-){7}[0-9A-Z]{4}$/);
    const typed = printed.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
    assert.strictEqual(formatRecoveryKey(parseRecoveryKey(typed)), printed);
    for (const [i, symbol] of [...printed].entries()) {
      if (symbol === '-') continue;
      const wrong = `${printed.slice(0, i)}${symbol === 'Z' ? 'Y' : 'Z'}${printed.slice(i + 1)}`;
      assert.strictEqual(await codeOf(async () => parseRecoveryKey(wrong)), 'recovery-key-malformed', wrong);
    }
    for (const wrong of ['', printed.slice(1), `${printed}0`]) {
      assert.strictEqual(await codeOf(async () => parseRecoveryKey(wrong)), 'recovery-key-malformed');
    }
  });

  test('a bundle opens with its own key alone, and not when it was altered', async () => {
    const kit = recoveryKeys(key(16));
    const sealed = await sealRecoveryBundle(primitives, kit, bundle);
    assert.isNull(await codeOf(() => openRecoveryBundle(primitives, kit, sealed)));
    assert.strictEqual(
      await codeOf(() => openRecoveryBundle(primitives, recoveryKeys(key(17)), sealed)),
      'open-failed',
    );
    for (const at of [0, 40, 70, sealed.length - 1]) {
      const altered = sealed.map((byte, i) => (i === at ? byte ^ 1 : byte));
      assert.strictEqual(await codeOf(() => openRecoveryBundle(primitives, kit, altered)), 'open-failed', `byte ${at}`);
    }
  });
});
