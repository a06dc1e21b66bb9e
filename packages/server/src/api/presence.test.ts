import { afterEach, assert, beforeEach, test } from 'vitest';
import { TestHome, type TestMember } from '../home.fixture.ts';

let home: TestHome;
let alpha: TestMember;
let beta: TestMember;
let gamma: TestMember;
beforeEach(async () => {
  home = await TestHome.open();
  alpha = await home.signUp('alpha');
  beta = await home.signUp('beta');
  gamma = await home.signUp('gamma');
  await home.befriend(alpha, beta);
  home.events.length = 0;
});
afterEach(() => home.close());

const set = (member: TestMember, state: 'online' | 'away' | 'busy' | 'invisible') =>
  home.call(member.session, 'presence.set', { state, lastSeen: false, capabilities: [] });

/** What a member was told since the last look: address and state. */
async function told(member: TestMember): Promise<string[]> {
  for (let i = 0; i < 5; i++) await home.expire();
  const events = home.events.filter(({ accountId }) => accountId === member.accountId).map(({ event }) => event);
  return events.flatMap((event) =>
    event.event === 'presence' ? [`${event.presence.address} ${event.presence.state}`] : [],
  );
}

const listed = async (member: TestMember): Promise<string[]> =>
  (await home.call(member.session, 'presence.list', { after: null })).contacts.map(
    ({ address, state }) => `${address} ${state}`,
  );

test('mutual contacts see and are told, nobody else', async () => {
  await home.call(gamma.session, 'contacts.request', { envelope: await home.requestOf(gamma, alpha.account.address) });
  await set(alpha, 'online');
  assert.deepEqual(await told(beta), ['alpha@example.org online']);
  assert.deepEqual(await told(gamma), []);
  assert.deepEqual(await told(alpha), []);
  assert.deepEqual(await listed(beta), ['alpha@example.org online']);
  assert.deepEqual(await listed(gamma), []);
  assert.deepEqual(await listed(alpha), ['beta@example.org offline']);
  const { contacts } = await home.call(beta.session, 'presence.list', { after: alpha.account.address });
  assert.deepEqual(contacts, []);
});

test('the head is that of the sigchain, signed', async () => {
  await set(alpha, 'online');
  const [contact] = (await home.call(beta.session, 'presence.list', { after: null })).contacts;
  const { head } = await home.call(beta.session, 'chains.read', {
    account: alpha.account.chain.fingerprint,
    from: 0,
  });
  assert.deepEqual(contact?.head, head);
});

test.each(['contacts.block', 'contacts.remove'] as const)('%s looks like going offline, and ends it', async (name) => {
  await set(alpha, 'online');
  await set(beta, 'online');
  await told(beta);
  home.events.length = 0;
  await home.call(alpha.session, name, { address: beta.account.address });
  assert.deepEqual(await told(beta), ['alpha@example.org offline']);
  assert.deepEqual(await told(alpha), ['beta@example.org offline']);
  home.events.length = 0;
  await set(alpha, 'busy');
  await set(beta, 'busy');
  assert.deepEqual([...(await told(alpha)), ...(await told(beta))], []);
  assert.deepEqual([...(await listed(alpha)), ...(await listed(beta))], []);
});

test('who is invisible when blocked is not shown going', async () => {
  await set(alpha, 'invisible');
  await home.call(alpha.session, 'contacts.block', { address: beta.account.address });
  assert.deepEqual(await told(beta), []);
});

test('new contacts are told who is there', async () => {
  await set(alpha, 'away');
  await told(beta);
  home.events.length = 0;
  await home.befriend(alpha, gamma);
  assert.deepEqual(await told(gamma), ['alpha@example.org away']);
});
