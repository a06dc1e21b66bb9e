import { afterAll, assert, beforeAll, test } from 'vitest';
import { refusal, TestHome, type TestMember } from '../home.fixture.ts';

let home: TestHome;
let alpha: TestMember;
let beta: TestMember;
let gamma: TestMember;

beforeAll(async () => {
  home = await TestHome.open();
  alpha = await home.signUp('alpha');
  beta = await home.signUp('beta');
  gamma = await home.signUp('gamma');
  await home.befriend(alpha, beta);
});
afterAll(() => home.close());

const container = Uint8Array.of(1, 2, 3);
const send = (by: TestMember, to: string) =>
  home.call(by.session, 'signals.send', { to: to as typeof by.account.address, container });

function told(): number[] {
  return home.events.splice(0).flatMap(({ accountId, event }) => (event.event === 'signal' ? [accountId] : []));
}

test('a signal goes to the devices of both accounts, and is kept nowhere', async () => {
  home.events.length = 0;
  assert.deepEqual(await send(alpha, beta.account.address), {});
  assert.deepEqual(told(), [beta.accountId, alpha.accountId]);
  const { items } = await home.call(beta.session, 'mailboxes.read', { after: 0, limit: 100 });
  assert.notInclude(
    items.map(({ item }) => item.length),
    container.length,
  );
});

test('nobody but mutual contacts is told, and the sender is answered alike', async () => {
  for (const to of [gamma.account.address, 'nobody@example.org']) assert.deepEqual(await send(alpha, to), {});
  await home.call(beta.session, 'contacts.block', { address: alpha.account.address });
  home.events.length = 0;
  assert.deepEqual(await send(alpha, beta.account.address), {});
  assert.deepEqual(told(), []);
});

test('an account sends so many and no more', async () => {
  const codes = new Set<string | null>();
  for (let i = 0; i < 130; i++) codes.add(await refusal(send(gamma, alpha.account.address).then(() => null)));
  assert.include([...codes], 'throttled');
  assert.deepEqual(await send(beta, gamma.account.address), {});
});
