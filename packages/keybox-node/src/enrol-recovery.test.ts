import { Secret, sha256 } from '@sotto/crypto';
import {
  KeyBox,
  lockAccount,
  type OpenSession,
  openRecoveryKit,
  openRoamingDevice,
  recoverAccount,
  signInAccount,
  unlockAccount,
} from '@sotto/keybox';
import type { Envelope } from '@sotto/protocol';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { Crash } from './crash.fixture.ts';
import { befriend, type EnrolmentTown, memory, startTown, synced } from './enrol.fixture.ts';
import { PASSPHRASE } from './home.fixture.ts';
import { refuses } from './refuses.fixture.ts';

let town: EnrolmentTown;

beforeAll(async () => {
  town = await startTown();
});

afterAll(() => town[Symbol.asyncDispose]());

async function kitOf(session: OpenSession): Promise<Uint8Array> {
  const key = town.platform.primitives.randomBytes(16);
  await new KeyBox(session).enrolments.setRecoveryKey(key);
  return key;
}

async function recover(machine: string, key: Uint8Array, crash?: Crash): Promise<OpenSession> {
  const platform = crash === undefined ? town.platform : crash.platform(town.platform);
  const storage = crash === undefined ? town.storage(machine) : crash.storage(town.storage(machine));
  const place = { server: town.home.server.url, caFingerprint: null, recoveryKey: new Secret(key) };
  const kit = await openRecoveryKit(platform, place);
  return recoverAccount(platform, storage, {
    ...town.place(kit.address.split('@')[0] as string),
    passphrase: NEW,
    kit,
  });
}

describe('an account that is recovered', () => {
  test.each(['hybrid', 'classic'])('%s: everything is there again', async (suite) => {
    const [ann, ben] = [`ann-${suite}`, `ben-${suite}`];
    const first = await town.join(ann, { suite });
    const [box, other] = [new KeyBox(first), new KeyBox(await town.join(ben))];
    await befriend(box, other);
    const room = await box.directRoom(other.address);
    await box.sendMessage(room.id, 'before');
    await synced(box, other);
    const key = await kitOf(first);
    await synced(box);
    const before = await memory(box);
    await first.close();
    const session = await recover(`${ann}-2`, key);
    const again = new KeyBox(session);
    await synced(again);
    assert.deepEqual(await memory(again), before);
    await again.sendMessage(room.id, 'after');
    await synced(other);
    assert.deepEqual(
      (await other.listMessages(room.id)).map(({ text }) => text),
      ['before', 'after'],
    );
    await session.close();
    // The new passphrase opens it through the server, too; the old one opens nothing.
    const storage = town.storage(`${ann}-2`);
    await lockAccount(storage);
    await refuses(unlockAccount(town.platform, storage, { passphrase: PASSPHRASE }), 'wrong-passphrase');
    const unlocked = await unlockAccount(town.platform, storage, { passphrase: NEW });
    await synced(new KeyBox(unlocked));
    await unlocked.close();
  });

  test('killed at any step, it is one new device in the end', async () => {
    const first = await town.join('kim');
    const key = await kitOf(first);
    const whole = new Crash(0);
    await (await recover('kim-0', key, whole)).close();
    let devices = 3;
    for (let at = 1; at <= whole.steps; at += STRIDE) {
      devices += 1;
      const killed = await recover(`kim-${at}`, key, new Crash(at)).catch((cause) => cause);
      if (!(killed instanceof Error)) await killed.close();
      const storage = town.storage(`kim-${at}`);
      const isWhole = (await storage.read('account')) !== null && (await storage.read('enrolment')) === null;
      const again = await (isWhole
        ? unlockAccount(town.platform, storage, { passphrase: NEW })
        : recover(`kim-${at}`, key));
      await synced(new KeyBox(again));
      assert.lengthOf((await new KeyBox(again).showAccount()).devices, devices, `killed at step ${at}`);
      await again.close();
    }
  }, 300_000);
});

test('an account of passphrase and kit takes no new device by one of them alone', async () => {
  const session = await town.join('both');
  const box = new KeyBox(session);
  const key = await kitOf(session);
  await box.enrolments.bindRoaming(key, PASSPHRASE);
  const signIn = (recoveryKey?: Secret) =>
    signInAccount(town.platform, town.storage('both-2'), { ...town.place('both'), recoveryKey });
  await refuses(signIn(), 'kit-needed');
  await refuses(signIn(new Secret(new Uint8Array(16))), 'open-failed');
  const second = await signIn(new Secret(key));
  await synced(new KeyBox(second));
  await second.close();
});

test('a kit is replaced by its own key, or by the roaming device as a second signer', async () => {
  const session = await town.join('swap', { roaming: true });
  const box = new KeyBox(session);
  const [first, second, third] = [1, 2, 3].map((byte) => new Uint8Array(16).fill(byte)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  await box.enrolments.setRecoveryKey(first);
  await box.enrolments.setRecoveryKey(second, { oldKey: first });
  await refuses(recover('swap-1', first), 'recovery-unknown');
  const { passphrase, ...place } = town.place('swap');
  await refuses(openRoamingDevice(town.platform, { ...place, passphrase: 'Wrong horse 1' }), 'wrong-passphrase');
  const roaming = await openRoamingDevice(town.platform, { ...place, passphrase });
  await box.enrolments.setRecoveryKey(third, { roaming });
  await refuses(recover('swap-2', second), 'recovery-unknown');
  await synced(box);
  const recovered = await recover('swap-3', third);
  await synced(new KeyBox(recovered), box);
  await recovered.close();
});

describe('refused', () => {
  test('a key that opens nothing here', async () => {
    await refuses(recover('nobody', new Uint8Array(16)), 'recovery-unknown');
  });

  test('a second kit beside the one in force', async () => {
    const session = await town.join('two');
    await kitOf(session);
    await refuses(kitOf(session), 'second-signer-needed');
  });
});

describe('Dx2: an older or another account for a recovery kit', () => {
  let key: Uint8Array;

  beforeAll(async () => {
    key = await kitOf(await town.join('vic', { roaming: true }));
  });

  const lies: readonly (readonly [what: string, code: string, begin: () => () => void])[] = [
    [
      'a sigchain from before the kit',
      'rollback',
      () =>
        town.lies.tell('recovery.chain', (answer) => ({
          ...answer,
          statements: answer.statements.slice(0, 2),
          head: { ...answer.head, length: 2, hash: sha256((answer.statements[1] as Envelope).signed) },
        })),
    ],
    [
      'another account',
      'identity-conflict',
      () => town.lies.tell('recovery.chain', (answer) => ({ ...answer, fingerprint: new Uint8Array(32) })),
    ],
    [
      'no room of the account itself',
      'account-room-missing',
      () => town.lies.tell('rooms.list', ({ rooms }) => ({ rooms: rooms.filter(({ type }) => type !== 'account') })),
    ],
  ];

  test.each(lies)('attack with %s', async (_what, code, begin) => {
    const end = begin();
    try {
      await refuses(recover('vic-2', key), code);
    } finally {
      end();
    }
    assert.isNull(await town.storage('vic-2').read('account'));
  });

  test('kit and statements that were altered open nothing', async () => {
    const altered = town.lies.tell('recovery.open', ({ bundle }) => ({ bundle: bundle.map((byte) => byte ^ 1) }));
    await refuses(recover('vic-3', key), 'open-failed');
    altered();
    const forged = town.lies.tell('recovery.chain', (answer) => ({
      ...answer,
      statements: answer.statements.map((each) => ({
        ...each,
        signatures: each.signatures.map((signature) => signature.map((byte) => byte ^ 1)),
      })),
    }));
    await refuses(recover('vic-3', key), 'bad-signature');
    forged();
  });

  test('control: the account as it is', async () => {
    const recovered = await recover('vic-4', key);
    await synced(new KeyBox(recovered));
    await recovered.close();
  });
});

const NEW = 'Another horse 2';
/** Every step is tried where SOTTO_EVERY_STEP is set, every ninth otherwise. */
const STRIDE = process.env['SOTTO_EVERY_STEP'] === '1' ? 1 : 19;
