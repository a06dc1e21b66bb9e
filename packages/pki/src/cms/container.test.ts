import { hex, utf8 } from '@sotto/bytes';
import { deriveKey, Secret, sha256 } from '@sotto/crypto';
import { assert, describe, test } from 'vitest';
import { createCluster, NOW_MS, primitives } from '../cluster.fixture.ts';
import { DerReader, readSequence } from '../der/reader.ts';
import * as tag from '../der/tag.ts';
import { oid, sequence, setOf } from '../der/writer.ts';
import { oids } from '../oids.ts';
import { encodePublicKey } from '../public-key.ts';
import { refuses } from '../refuses.fixture.ts';
import { encodeAttributes, recipientSetHash, type SenderAttributes } from './attributes.ts';
import { encodeAuthEnvelopedData } from './auth-enveloped-data.ts';
import { type ContainerOrder, openContainer, sealContainer } from './container.ts';
import { contentInfo } from './content-info.ts';
import { createPerson, orderOf, type Person } from './people.fixture.ts';
import { resolveRecipient, sealContentKey } from './recipient.ts';
import { encodeRecipientInfo, recipientHash } from './recipient-info.ts';
import { signContent } from './signed-data.ts';

const cluster = await createCluster();
const people = {
  classic: await createPerson(cluster, 'alpha@example.org', 'classic'),
  hybrid: await createPerson(cluster, 'bravo@example.org', 'hybrid'),
};
const strangers = {
  classic: await createPerson(cluster, 'mike@example.org', 'classic'),
  hybrid: await createPerson(cluster, 'november@example.org', 'hybrid'),
};
const CONTENT = utf8('for your eyes');

describe.each(['classic', 'hybrid'] as const)('a %s sender', (suite) => {
  const sender = people[suite];
  const everybody = [people.classic, people.hybrid];

  test('seals for both suites and for itself', async () => {
    const container = await sealContainer(orderOf(sender, everybody, CONTENT));
    for (const reader of everybody) {
      const opened = await open(reader, container);
      if (opened.status !== 'valid') assert.fail(opened.status);
      assert.deepEqual(opened.content, CONTENT);
      assert.deepEqual(opened.sender.fingerprint, sender.sender.fingerprint);
      assert.deepEqual(opened.sender.deviceId, sender.sender.deviceId);
      assert.deepEqual(opened.sender.certificate.der, sender.sender.certificate);
      assert.deepEqual(opened.sender.spkiHash, sha256(sender.device.signer.publicKey));
      assert.strictEqual(opened.signedMs, NOW_MS);
      assert.strictEqual(opened.purpose, 'mail');
    }
  });

  test('is a recipient even if it names nobody', async () => {
    const container = await sealContainer(orderOf(sender, [], new Uint8Array()));
    assert.strictEqual((await open(sender, container)).status, 'valid');
    await refuses('container-not-recipient', () => open(strangers[suite], container));
  });

  test('a wrong key under the right name opens nothing', async () => {
    const container = await sealContainer(orderOf(sender, everybody, CONTENT));
    for (const [reader, other] of [
      [people.classic, strangers.classic],
      [people.hybrid, strangers.hybrid],
    ] as const) {
      const keys = [{ ...reader.key, secretKey: other.userKey.secretKey }];
      await refuses('open-failed', () => openContainer({ primitives, container, keys, purposes: ['mail'] }));
    }
  });

  test('another purpose is refused', async () => {
    const container = await sealContainer(orderOf(sender, [], CONTENT));
    const opening = { primitives, container, keys: [sender.key], purposes: ['keys', 'data'] as const };
    await refuses('container-purpose', () => openContainer(opening));
  });

  test('truncation at every byte and a trailing byte are malformed', async () => {
    const container = await sealContainer(orderOf(sender, [], CONTENT));
    for (let length = 0; length < container.length; length++) {
      await refuses('der-malformed', () => open(sender, container.subarray(0, length)));
    }
    await refuses('der-malformed', () => open(sender, Uint8Array.of(...container, 0)));
  });
});

describe('B9: a container whose algorithms or bytes are rewritten on the way', () => {
  const everybody = [people.classic, people.hybrid];

  test('attack: no changed bit passes, wherever it is', async () => {
    const container = await sealContainer(orderOf(people.hybrid, everybody, CONTENT));
    for (let offset = 0; offset < container.length; offset += 11) {
      const changed = Uint8Array.from(container);
      changed[offset] = (changed[offset] as number) ^ (1 << (offset % 8));
      await opensForOne(everybody, changed);
    }
  });

  test('attack: a tag that its parameters call shorter', async () => {
    const container = await sealContainer(orderOf(people.hybrid, everybody, CONTENT));
    const icv = [...container.keys()].find((i) => hex(container.subarray(i, i + 3)) === '020110');
    assert.isDefined(icv);
    const shorter = container.with((icv as number) + 2, 12);
    await refuses('container-profile', () => open(people.classic, shorter));
  });

  test('control: as it was sealed it opens for everybody', async () => {
    const container = await sealContainer(orderOf(people.hybrid, everybody, CONTENT));
    for (const reader of everybody) assert.strictEqual((await open(reader, container)).status, 'valid');
  });
});

describe('B3: a container of before, put into another', () => {
  const { classic, hybrid } = people;

  test('attack: signed for others, sealed anew for this reader', async () => {
    await refuses('container-recipients', async () => open(hybrid, await forge({ signedFor: [classic] })));
  });

  test('attack: sealed to one more than it was signed for', async () => {
    await refuses('container-recipients', async () => open(hybrid, await forge({ extra: [strangers.hybrid] })));
  });

  test('control: sealed to those for whom it was signed it opens', async () => {
    assert.strictEqual((await open(hybrid, await forge({}))).status, 'valid');
  });
});

describe('forgeries by one who knows the content key', () => {
  const { hybrid } = people;

  test('the forge itself makes what opens', async () => {
    assert.strictEqual((await open(hybrid, await forge({}))).status, 'valid');
  });

  test('a recipient twice', async () => {
    await refuses('container-recipients', async () => open(hybrid, await forge({ extra: [hybrid] })));
  });

  test('a commitment to another key', async () => {
    await refuses('open-failed', async () => open(hybrid, await forge({ commitments: [new Uint8Array(32)] })));
  });

  test('no commitment, and two', async () => {
    await refuses('container-profile', async () => open(hybrid, await forge({ commitments: [] })));
    const two = [new Uint8Array(32), new Uint8Array(32).fill(1)];
    await refuses('container-profile', async () => open(hybrid, await forge({ commitments: two })));
  });

  test('a signature by another key than the certificate', async () => {
    const { signer } = strangers.classic.device;
    await refuses('container-signature', async () => open(hybrid, await forge({ signer })));
  });

  test('a certificate that the attributes do not name', async () => {
    const attributes = { certificateHash: new Uint8Array(32) };
    await refuses('container-profile', async () => open(hybrid, await forge({ attributes })));
  });

  test('an attribute of ours left out, and one added', async () => {
    const without = (set: Uint8Array) => setOf(...items(set).filter((item) => !has(item, oids.purpose)));
    await refuses('container-profile', async () => open(hybrid, await forge({ change: without })));
    const doubled = (set: Uint8Array) => setOf(...items(set), ...items(set).slice(0, 1));
    await refuses('container-profile', async () => open(hybrid, await forge({ change: doubled })));
    const digest = (set: Uint8Array) => setOf(...items(set).filter((item) => !has(item, oids.messageDigest)));
    await refuses('container-profile', async () => open(hybrid, await forge({ change: digest })));
  });

  test('another digest than that of the content', async () => {
    await refuses('container-profile', async () => open(hybrid, await forge({ digest: new Uint8Array(32) })));
  });

  test('two signers, no signer, no content', async () => {
    await refuses('container-profile', async () =>
      open(hybrid, await forge({ inner: withSigners((info) => [info, twin(info)]) })),
    );
    await refuses('container-profile', async () => open(hybrid, await forge({ inner: withSigners(() => []) })));
    await refuses('container-profile', async () => open(hybrid, await forge({ inner: withoutContent })));
  });

  test('unsigned content is of nobody', async () => {
    const opened = await open(hybrid, await forge({ inner: () => utf8('hello') }));
    assert.deepEqual(opened, { status: 'unsigned', content: utf8('hello') });
  });
});

test('keys that cannot receive are refused when sealing', async () => {
  const ed25519 = encodePublicKey('ed25519', new Uint8Array(32));
  await refuses('recipient-unsuitable', async () => resolveRecipient({ publicKey: ed25519 }));
  const { certificate } = people.classic.sender;
  await refuses('recipient-unsuitable', async () => resolveRecipient({ certificate }));
});

test('a signer without its certificate is refused when sealing', async () => {
  const order = orderOf(people.hybrid, [], CONTENT);
  const sender = { ...order.sender, signer: strangers.hybrid.device.signer };
  await refuses('key-unsuitable', () => sealContainer({ ...order, sender }));
});

function open(reader: Person, container: Uint8Array) {
  return openContainer({ primitives, container, keys: [reader.key], purposes: ['mail'] });
}

/** A changed RecipientInfo may harm its own recipient alone; content and sender are never others than the true ones. */
async function opensForOne(readers: readonly Person[], container: Uint8Array): Promise<void> {
  let refusals = 0;
  for (const reader of readers) {
    const opened = await open(reader, container).catch((cause: unknown) => cause as Error);
    if (opened instanceof Error) refusals++;
    else if (opened.status !== 'valid') assert.fail(opened.status);
    else assert.deepEqual(opened.content, CONTENT);
  }
  assert.isAbove(refusals, 0);
}

interface Forgery {
  readonly extra?: readonly Person[];
  readonly signedFor?: readonly Person[];
  readonly commitments?: readonly Uint8Array[];
  readonly signer?: ContainerOrder['sender']['signer'];
  readonly attributes?: Partial<SenderAttributes>;
  readonly digest?: Uint8Array;
  change?(attributes: Uint8Array): Uint8Array;
  inner?(signed: Uint8Array): Uint8Array;
}

/** What a sender of evil intent can build: classic seals for classic and hybrid. */
async function forge(forgery: Forgery): Promise<Uint8Array> {
  const { classic, hybrid } = people;
  const contentKey = new Secret(primitives.randomBytes(32));
  const resolve = ({ userKey }: Person) => resolveRecipient({ publicKey: userKey.publicKey });
  const recipientInfos: Uint8Array[] = [];
  for (const recipient of [classic, hybrid, ...(forgery.extra ?? [])]) {
    recipientInfos.push(await sealContentKey(primitives, resolve(recipient), contentKey));
  }
  const commitment = deriveKey(contentKey, 'sotto/container/commitment/v1').unsafeExpose('public');
  for (const value of forgery.commitments ?? [commitment]) {
    recipientInfos.push(encodeRecipientInfo({ type: 'commitment', commitment: value }));
  }
  const signedFor = (forgery.signedFor ?? [classic, hybrid]).map((one) => recipientHash(resolve(one).identifier));
  const { fingerprint, deviceId, certificate, signer } = classic.sender;
  const sender: SenderAttributes = {
    ...{ signedMs: NOW_MS, certificateHash: sha256(certificate), fingerprint, deviceId, purpose: 'mail' },
    recipientSet: recipientSetHash(signedFor),
    ...forgery.attributes,
  };
  const signed = await signContent({
    content: CONTENT,
    certificate,
    signer: forgery.signer ?? signer,
    attributes: (digest) => (forgery.change ?? identity)(encodeAttributes(forgery.digest ?? digest, sender)),
  });
  const nonce = primitives.randomBytes(12);
  const plaintext = (forgery.inner ?? identity)(signed);
  const sealed = await primitives.aes256Gcm.seal({ key: contentKey, nonce, aad: new Uint8Array() }, plaintext);
  return encodeAuthEnvelopedData({ recipientInfos, nonce, sealed });
}

function identity(bytes: Uint8Array): Uint8Array {
  return bytes;
}

function items(set: Uint8Array): Uint8Array[] {
  return DerReader.open(set)
    .set()
    .all((item) => item.raw());
}

function has(attribute: Uint8Array, type: string): boolean {
  return DerReader.open(attribute).sequence().oid() === type;
}

/** Takes signed data apart and puts it together with other signers. */
function withSigners(change: (signerInfo: Uint8Array) => Uint8Array[]): (signed: Uint8Array) => Uint8Array {
  return (signed) =>
    rebuilt(signed, ({ head, encapsulated, certificates, signerInfo }) => [
      ...head,
      encapsulated,
      certificates,
      setOf(...change(signerInfo)),
    ]);
}

function withoutContent(signed: Uint8Array): Uint8Array {
  return rebuilt(signed, ({ head, certificates, signerInfo }) => [
    ...head,
    sequence(oid(oids.data)),
    certificates,
    setOf(signerInfo),
  ]);
}

interface SignedParts {
  readonly head: readonly Uint8Array[];
  readonly encapsulated: Uint8Array;
  readonly certificates: Uint8Array;
  readonly signerInfo: Uint8Array;
}

function rebuilt(signed: Uint8Array, build: (parts: SignedParts) => readonly Uint8Array[]): Uint8Array {
  return readSequence(DerReader.open(signed), (info) => {
    info.oid();
    const wrapped = info.enter(tag.constructed(0));
    const parts = readSequence(wrapped, (fields): SignedParts => {
      const head = [fields.raw(), fields.raw()];
      const [encapsulated, certificates] = [fields.raw(), fields.raw()];
      return { head, encapsulated, certificates, signerInfo: fields.set().raw() };
    });
    return contentInfo(oids.signedData, sequence(...build(parts)));
  });
}

/** The same signer with another signature, so that the set holds two. */
function twin(signerInfo: Uint8Array): Uint8Array {
  const other = Uint8Array.from(signerInfo);
  other[other.length - 1] = (other.at(-1) as number) ^ 1;
  return other;
}
