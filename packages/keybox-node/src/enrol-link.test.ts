import { type CborValue, decodeCbor, encodeCbor } from '@sotto/bytes';
import { KeyBox, type LinkedDevice, linkAccount, type OpenSession, unlockAccount } from '@sotto/keybox';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { Crash } from './crash.fixture.ts';
import { befriend, type EnrolmentTown, memory, startTown, steps, synced } from './enrol.fixture.ts';
import { refuses } from './refuses.fixture.ts';

let town: EnrolmentTown;

beforeAll(async () => {
  town = await startTown();
});

afterAll(() => town[Symbol.asyncDispose]());

/** What the person at the new machine types; whoever sees the code does `approve`. */
function linking(name: string, approve: (code: string) => Promise<unknown>): LinkedDevice {
  const approved: Promise<unknown>[] = [];
  // Who could not approve does not keep the other machine waiting.
  const giveUp = (): void => town.clock.skip(11 * 60 * 1000);
  return { ...town.place(name), show: ({ code }) => void approved.push(approve(code).catch(giveUp)) };
}

function approving(box: KeyBox): (code: string) => Promise<void> {
  return async (code) => {
    const { device } = await box.enrolments.showLink(code);
    await box.enrolments.approveLink(code, device);
  };
}

describe('a device that is linked by code', () => {
  test('sees everything that was said and decided before, and takes part', async () => {
    const [ann, ben] = [new KeyBox(await town.join('ann')), new KeyBox(await town.join('ben'))];
    await befriend(ann, ben);
    const { fingerprint } = await ben.card();
    await ann.verifyContact(ben.address, Uint8Array.from(Buffer.from(fingerprint, 'hex')));
    await ann.noteContact(ben.address, 'from school');
    await ann.addContact('nobody@localhost' as never);
    const { id } = await ann.createRoom({ name: 'tea', type: 'chat', history: 'all', keying: 'era' });
    await ann.addMember(id, ben.address, 'member');
    await synced(ben);
    await ann.sendMessage(id, 'first');
    await ann.rotateRoom(id);
    await ben.sendMessage(id, 'second');
    await synced(ann);
    await ann.markRead(id);
    await ben.sendMessage(id, 'third');
    await ann.createRoom({ name: 'alone', type: 'chat', history: 'all', keying: 'era' });
    await synced(ann, ben, ann);

    const session = await linkAccount(town.platform, town.storage('ann-2'), linking('ann', approving(ann)));
    const second = new KeyBox(session);
    await synced(second);
    assert.deepEqual(await memory(second), await memory(ann));
    const told = (await second.keyLog()).map(({ entry }) => entry);
    assert.deepInclude(told, { event: 'verification/verified', who: 'ben@localhost' });
    await second.sendMessage(id, 'from the desk');
    await synced(ben, ann);
    assert.strictEqual((await ben.listMessages(id)).at(-1)?.text, 'from the desk');
    assert.strictEqual((await ann.listMessages(id)).at(-1)?.device, 'desk');
    const added = { event: 'device/added', who: 'ann@localhost', device: 'desk', type: 'keybox' } as const;
    assert.deepInclude(
      (await ben.keyLog()).map(({ entry }) => entry),
      added,
    );
    await session.close();
  });

  test('killed at any step, it is one device in the end', async () => {
    const whole = new Crash(0);
    const options = linking('kim-0', approving(new KeyBox(await town.join('kim-0'))));
    const session = await linkAccount(whole.platform(town.platform), whole.storage(town.storage('kim')), options);
    await session.close();
    for (const [i, at] of steps(whole.steps, STRIDE).entries()) {
      // An account has room for so many devices.
      if (i % 16 === 0) first = new KeyBox(await town.join(`kim-${at}`));
      const name = first.address.split('@')[0] as string;
      const again = await killedAt(at, linking(name, approving(first)), (i % 16) + 2);
      await again.close();
      town.clock.skip(11 * 60 * 1000);
    }
  }, 300_000);
});

let first: KeyBox;

async function killedAt(at: number, options: LinkedDevice, devices: number): Promise<OpenSession> {
  const crash = new Crash(at);
  const storage = town.storage(`kim-at-${at}`);
  const killed = await linkAccount(crash.platform(town.platform), crash.storage(storage), options).catch((e) => e);
  if (!(killed instanceof Error)) await killed.close();
  const isWhole = (await storage.read('account')) !== null && (await storage.read('enrolment')) === null;
  const again = await (isWhole
    ? unlockAccount(town.platform, storage, options)
    : linkAccount(town.platform, storage, options));
  await synced(new KeyBox(again));
  assert.lengthOf((await new KeyBox(again).showAccount()).devices, devices, `killed at step ${at}`);
  return again;
}

describe('Dx1: a server between two screens', () => {
  let session: OpenSession;
  let box: KeyBox;

  beforeAll(async () => {
    session = await town.join('rob', { roaming: true });
    box = new KeyBox(session);
  });

  /** The fault with which linking ends while the server tells a lie, and what approving said. */
  async function attempt(machine: string, options: LinkedDevice): Promise<OpenSession> {
    return linkAccount(town.platform, town.storage(machine), options);
  }

  test('a code that nobody shows, one with a typing error, one of another account', async () => {
    await refuses(box.enrolments.showLink('0'.repeat(26)), 'link-unknown');
    await refuses(box.enrolments.showLink('0'.repeat(25)), 'link-code-malformed');
    const eve = new KeyBox(await town.join('eve'));
    let asked: Promise<void> | null = null;
    const made = await attempt(
      'rob-2',
      linking('rob', async (code) => {
        asked = refuses(eve.enrolments.showLink(code), 'link-unknown');
        await asked;
        await approving(box)(code);
      }),
    );
    assert.isNotNull(asked);
    await made.close();
  });

  test('control: the device that shows the code, and no second one', async () => {
    let again: unknown = null;
    const made = await attempt(
      'rob-3',
      linking('rob', async (code) => {
        await approving(box)(code);
        again = await box.enrolments.showLink(code).catch((cause) => cause.code);
      }),
    );
    await made.close();
    assert.strictEqual(again, 'link-used');
  });

  test('and for ten minutes', async () => {
    let late: Promise<unknown> | null = null;
    const options = linking('rob', async (code) => {
      town.clock.skip(10 * 60 * 1000);
      late = refuses(box.enrolments.showLink(code), 'link-expired');
      await late;
    });
    await refuses(attempt('rob-4', options), 'link-expired');
    assert.isNotNull(late);
    await late;
  });

  test('attack: a request that the server made for a device of its own', async () => {
    let seen: unknown = null;
    const options = linking('rob', async (code) => {
      const end = town.lies.tell('links.read', (answer) => ({ ...answer, request: ofGhost(answer.request) }));
      seen = await box.enrolments.showLink(code).catch((cause) => cause.code);
      end();
      await approving(box)(code);
    });
    const made = await attempt('rob-5', options);
    await made.close();
    assert.strictEqual(seen, 'link-request-invalid');
  });

  test('attack: an answer that was altered, or is that of another code', async () => {
    const answers: Uint8Array[] = [];
    for (const [i, lie] of [
      (answer: Uint8Array) => flipped(answer),
      (_: Uint8Array) => answers[0] as Uint8Array,
    ].entries()) {
      const end = town.lies.tell('links.poll', ({ answer }) => {
        if (answer === null) return { answer };
        answers.push(answer);
        return { answer: lie(answer) };
      });
      const storage = `rob-6-${i}`;
      await refuses(attempt(storage, linking('rob', approving(box))), 'link-answer-invalid');
      end();
    }
  });

  test('a chain without the statement that the other device says it signed', async () => {
    let isCut = false;
    const end = town.lies.tell('chains.read', (answer) => {
      if (!isCut) return answer;
      const statements = answer.statements.slice(0, 3);
      return { ...answer, statements, head: { ...answer.head, length: 3 } };
    });
    const options = linking('rob', async (code) => {
      await approving(box)(code);
      isCut = true;
    });
    const fault = await attempt('rob-7', options).catch((cause) => cause.code);
    end();
    assert.include(['rollback', 'split-view'], fault);
    const made = await attempt('rob-7', linking('rob', approving(box)));
    await made.close();
  });
});

/** The request with another device in it, under the MAC that it had: a server has no other. */
function ofGhost(item: Uint8Array): Uint8Array {
  const { content, mac } = decodeCbor(item) as unknown as { readonly content: Uint8Array; readonly mac: Uint8Array };
  const request = decodeCbor(content) as unknown as { readonly device: Record<string, CborValue> };
  const device = { ...request.device, name: 'ghost' };
  return encodeCbor({ content: encodeCbor({ ...request, device }), mac });
}

/** One bit at the end of an item. */
function flipped(item: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(item);
  copy[copy.length - 1] = (copy.at(-1) as number) ^ 1;
  return copy;
}

/** Every step is tried where SOTTO_EVERY_STEP is set, every ninth otherwise. */
const STRIDE = process.env['SOTTO_EVERY_STEP'] === '1' ? 1 : 19;
