import { sha256 } from '@sotto/crypto';
import { codeOf, makeWorld } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import { envelope } from './envelope.ts';
import { isAsset, openRelease, signRelease, type WebRelease, webRelease } from './web-release.ts';

const content = Uint8Array.of(1, 2, 3);
const asset = { type: 'text/javascript', size: content.length, hash: sha256(content), inline: [] };
const assets = ['/service-worker.js', '/index.html', '/assets/main-3f2a.js'].map((path) => ({ ...asset, path }));
const release = { version: '0.1.0', at: 5, assets };

describe('a manifest', () => {
  test('comes back sorted, with the key that signed it and the hash of what was signed', async () => {
    const { primitives, headKey } = await makeWorld('release');
    const bytes = await signRelease(primitives, headKey.secretKey, release);
    const opened = await openRelease(primitives, bytes);
    assert.deepEqual(opened.release.key, headKey.publicKey);
    assert.deepEqual(opened.hash, sha256(envelope.parse(bytes).signed));
    assert.deepEqual(
      opened.release.assets.map(({ path }) => path),
      ['/assets/main-3f2a.js', '/index.html', '/service-worker.js'],
    );
  });

  test('holds for the bytes that its key signed, and no others', async () => {
    const { primitives, headKey } = await makeWorld('release');
    const stranger = await makeWorld('another release');
    const bytes = await signRelease(primitives, headKey.secretKey, release);
    const { signed, signatures } = envelope.parse(bytes);
    const open = (change: object) =>
      codeOf(() => openRelease(primitives, envelope.encode({ signed, signatures, ...change })));
    assert.strictEqual(await open({}), null);
    assert.strictEqual(await open({ signed: resigned(signed, { at: 6 }) }), 'bad-signature');
    assert.strictEqual(await open({ signed: resigned(signed, { key: stranger.headKey.publicKey }) }), 'bad-signature');
    assert.strictEqual(await open({ signatures: [...signatures, ...signatures] }), 'bad-signature');
    assert.strictEqual(await open({ signatures: [new Uint8Array(64)] }), 'bad-signature');
  });

  test.each<readonly [string, readonly WebRelease['assets'][number][]]>([
    ['a path twice', [...assets, ...assets.slice(0, 1)]],
    ['no page', assets.filter(({ path }) => path !== '/index.html')],
    ['no service worker', assets.filter(({ path }) => path !== '/service-worker.js')],
    ...['', '/', 'main.js', '//main.js', '/../main.js', '/.env', '/a/', '/a%2e.js', '/a?b'].map(
      (path) => [`the path "${path}"`, [...assets, { ...asset, path }]] as const,
    ),
    ['the type "text/html\\r\\n"', assets.map((each) => ({ ...each, type: 'text/html\r\n' }))],
  ])('with %s is malformed', (_what, altered) => {
    const sorted = altered.toSorted((left, right) => (left.path < right.path ? -1 : 1));
    const value: WebRelease = { v: 1, version: '0.1.0', at: 5, key: asset.hash, assets: sorted };
    assert.throws(() => webRelease.parse(webRelease.encode(value)), /malformed/);
  });
});

describe('W1: another program than the one that was signed', () => {
  test('attack by altered files and manifests', async () => {
    const { primitives, headKey } = await makeWorld('release');
    const bytes = await signRelease(primitives, headKey.secretKey, release);
    const { signed, signatures } = envelope.parse(bytes);
    const altered = envelope.encode({ signed: resigned(signed, { version: '9.9.9' }), signatures });
    assert.strictEqual(await codeOf(() => openRelease(primitives, altered)), 'bad-signature');
    assert.isFalse(isAsset({ ...asset, path: '/a' }, Uint8Array.of(1, 2, 4)));
    assert.isFalse(isAsset({ ...asset, path: '/a' }, Uint8Array.of(1, 2)));
  });

  test('control: what was signed', async () => {
    const { primitives, headKey } = await makeWorld('release');
    const opened = await openRelease(primitives, await signRelease(primitives, headKey.secretKey, release));
    assert.strictEqual(opened.release.version, '0.1.0');
    assert.isTrue(isAsset({ ...asset, path: '/a' }, content));
  });
});

test('an asset is its bytes', () => {
  assert.isTrue(isAsset({ ...asset, path: '/a' }, content));
  assert.isFalse(isAsset({ ...asset, path: '/a' }, Uint8Array.of(1, 2, 4)));
  assert.isFalse(isAsset({ ...asset, path: '/a' }, Uint8Array.of(1, 2)));
});

function resigned(signed: Uint8Array, change: Partial<WebRelease>): Uint8Array {
  return webRelease.encode({ ...webRelease.parse(signed), ...change });
}
