import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { WebWorld } from './support/web-world.ts';

const withoutPeers = process.env['SOTTO_WITHOUT_PEERS'] === '1';

describe.skipIf(withoutPeers)('a passkey in a browser', () => {
  let world: WebWorld;

  beforeAll(async () => {
    world = await WebWorld.start();
  }, 300_000);

  afterAll(() => world?.[Symbol.asyncDispose]());

  test('opens the vault in the place of the passphrase, until it is removed', { timeout: 300_000 }, async () => {
    const alice = await world.visitor();
    // Passkeys are of a name: an address of the network has none.
    const home = (place: string): string => place.replace('127.0.0.1', 'localhost');
    await alice.signUp('alice', home(world.ownerInvitation()));
    const { page } = alice;
    const authenticator = await alice.context.newCDPSession(page);
    await authenticator.send('WebAuthn.enable');
    await authenticator.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        ctap2Version: 'ctap2_1',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        hasPrf: true,
        automaticPresenceSimulation: true,
      },
    });
    await page.getByRole('link', { name: 'Security' }).click();
    await page.getByRole('link', { name: 'Passkeys' }).click();
    await page.getByLabel('What you call it').fill('Thumb');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByRole('list', { name: 'Passkeys of this browser' }).getByText('Thumb').waitFor();
    await page.reload();
    await page.getByRole('link', { name: /alice@localhost/ }).click();
    await page.getByRole('button', { name: 'Unlock with a passkey' }).click();
    await page.getByRole('list', { name: 'Passkeys of this browser' }).getByText('Thumb').waitFor();
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('None yet.').waitFor();
    assert.strictEqual(await page.getByText('Thumb').count(), 0);
    alice.checkCalm();
  });
});
