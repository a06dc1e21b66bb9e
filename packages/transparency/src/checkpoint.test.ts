import { concat, parseUtf8, utf8 } from '@sotto/bytes';
import { sha256, taggedMessage } from '@sotto/crypto';
import { codeOf, makeWorld } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import { parseCheckpoint, signCheckpoint, verifyCheckpoint } from './checkpoint.ts';

const { primitives, headKey } = await makeWorld('checkpoint');
const log = { domain: 'example.org', incarnation: 3, size: 42, root: sha256(utf8('root')) };
const note = await signCheckpoint(primitives, headKey.secretKey, log);
const keys = [headKey.publicKey];

describe('a checkpoint', () => {
  test('is a signed note whose text says which log, how long, and its root', async () => {
    const [origin, size, root, empty, signature, end] = parseUtf8(note).split('\n');
    assert.deepEqual([origin, size, empty, end], ['example.org/sotto/transparency/3', '42', '', '']);
    assert.strictEqual(root, Buffer.from(log.root).toString('base64'));
    assert.match(signature ?? '', /^— example\.org\/sotto\/transparency\/3 [A-Za-z0-9+/]{90,91}=*$/);
    const { domain, incarnation, size: read, root: hash } = await opened(note);
    assert.deepEqual({ domain, incarnation, size: read, root: hash }, log);
  });

  test('is signed under its own tag and key id', async () => {
    const { text, signatures } = parseCheckpoint(note);
    const bytes = signatures[0]?.bytes ?? new Uint8Array();
    assert.isTrue(
      await primitives.ed25519.verify(
        headKey.publicKey,
        taggedMessage('sotto/checkpoint/v1', utf8(text)),
        bytes.subarray(4),
      ),
    );
    const name = utf8('example.org/sotto/transparency/3\n');
    const id = sha256(concat(name, Uint8Array.of(0xff), utf8('sotto/checkpoint/v1'), headKey.publicKey)).subarray(0, 4);
    assert.deepEqual(bytes.subarray(0, 4), id);
  });

  test('keeps its meaning under further signatures, of witnesses say', async () => {
    const witness = '— witness.example AAAAAAAAAAAA\n';
    assert.strictEqual((await opened(utf8(parseUtf8(note) + witness))).size, 42);
    assert.strictEqual((await opened(utf8(parseUtf8(note).replace('\n\n', `\n\n${witness}`)))).size, 42);
  });

  test('counts for one domain and under keys of the cluster alone', async () => {
    const other = (await makeWorld('another')).headKey;
    const verify = (domain: string, under: readonly Uint8Array[], bytes = note) =>
      codeOf(() => verifyCheckpoint(primitives, under, { checkpoint: parseCheckpoint(bytes), domain }));
    assert.strictEqual(await verify('example.org', keys), null);
    assert.strictEqual(await verify('example.org', [other.publicKey, headKey.publicKey]), null);
    assert.strictEqual(await verify('example.com', keys), 'checkpoint-invalid');
    assert.strictEqual(await verify('example.org', [other.publicKey]), 'checkpoint-invalid');
    assert.strictEqual(await verify('example.org', []), 'checkpoint-invalid');
    const forged = utf8(parseUtf8(note).replace('\n42\n', '\n43\n'));
    assert.strictEqual(await verify('example.org', keys, forged), 'checkpoint-invalid');
    const renamed = utf8(parseUtf8(note).replaceAll('transparency/3', 'transparency/4'));
    assert.strictEqual(await verify('example.org', keys, renamed), 'checkpoint-invalid');
  });

  test('is refused when it is cut off or lengthened anywhere', async () => {
    for (let length = 0; length < note.length; length++) {
      assert.strictEqual(
        await codeOf(() => parseCheckpoint(note.subarray(0, length))),
        'checkpoint-malformed',
        `${length}`,
      );
    }
    for (const end of ['\n', ' ', 'x', '\n\n', '\0']) {
      assert.strictEqual(await codeOf(() => parseCheckpoint(concat(note, utf8(end)))), 'checkpoint-malformed');
    }
  });

  test.each([
    ['a size with a leading zero', '\n42\n', '\n042\n'],
    ['a size of nothing', '\n42\n', '\n0\n'],
    ['a size beyond all logs', '\n42\n', '\n2147483648\n'],
    ['a negative size', '\n42\n', '\n-42\n'],
    ['a size with a sign', '\n42\n', '\n+42\n'],
    ['an extension line', '\n\n', '\nextension\n\n'],
    ['carriage returns', '\n42\n', '\r\n42\r\n'],
    ['a log of another kind', '/sotto/transparency/3\n42', '/log\n42'],
    ['an incarnation with a leading zero', 'transparency/3\n42', 'transparency/03\n42'],
    ['a domain with capitals', 'example.org/sotto/transparency/3\n42', 'Example.org/sotto/transparency/3\n42'],
    ['a short root', /\n([A-Za-z0-9+/]{43})=\n/, '\nAAAA\n'],
    ['a root without padding', '=\n\n', '\n\n'],
    ['a hyphen for the dash', '\n— ', '\n- '],
    ['no signature', /\n\n— .*\n/, '\n\n'],
    ['too many signatures', /$/, '— witness.example AAAAAAAAAAAA\n'.repeat(8)],
    ['a byte that is no text', '42', '\uFFFD\n42'],
  ])('with %s is refused', async (_, from, to) => {
    const text = parseUtf8(note);
    const changed = text.replace(from, to);
    assert.notStrictEqual(changed, text);
    assert.strictEqual(await codeOf(() => parseCheckpoint(utf8(changed))), 'checkpoint-malformed');
  });

  test('beyond its longest is not read', async () => {
    assert.strictEqual(await codeOf(() => parseCheckpoint(new Uint8Array(2049))), 'checkpoint-malformed');
    assert.strictEqual(await codeOf(() => parseCheckpoint(Uint8Array.of(0xff, 0xfe))), 'checkpoint-malformed');
  });
});

function opened(bytes: Uint8Array) {
  return verifyCheckpoint(primitives, keys, { checkpoint: parseCheckpoint(bytes), domain: 'example.org' });
}
