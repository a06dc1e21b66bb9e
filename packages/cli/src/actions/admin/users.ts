import { hex } from '@sotto/bytes';
import type { KeyBox, SuspensionResult } from '@sotto/keybox';
import type { AccountRole, Address, AdminUser } from '@sotto/protocol';
import { withAccount } from '../../account.ts';
import type { Run } from '../../command.ts';
import { grouped, pairs, table } from '../../terminal.ts';
import { addressOf } from '../words.ts';

type None = Record<never, never>;

export async function listUsers(run: Run): Promise<void> {
  await withAccount(run, 'needed', async (box) => {
    const users = await box.admin.users();
    run.output.list(users.map(userJson), () =>
      table(
        ['ADDRESS', 'ROLE', 'STATE', 'DEVICES'],
        users.map(({ address, role, state, devices }) => [address, role, state, String(devices)]),
        run.output.style,
      ),
    );
  });
}

export async function showUser(run: Run, _flags: None, word: string): Promise<void> {
  await withAccount(run, 'needed', async (box) => {
    const { user, devices } = await box.admin.showUser(addressOf(word));
    const listed = devices.map(({ id, ...rest }) => ({ id: hex(id), ...rest }));
    run.output.value({ ...userJson(user), devices: listed }, () =>
      pairs(
        [
          ['Address', user.address],
          ['Fingerprint', user.fingerprint === null ? 'none yet' : grouped(hex(user.fingerprint))],
          ['Role', user.role],
          ['State', user.state],
          ...listed.map(({ name, kind, revoked, id }, i): [string, string] => [
            i === 0 ? 'Devices' : '',
            `${name} (${kind}${revoked ? ', revoked' : ''}) ${id.slice(0, 16)}`,
          ]),
        ],
        run.output.style,
      ),
    );
  });
}

export async function suspendUser(run: Run, _flags: None, word: string): Promise<void> {
  const address = addressOf(word);
  await run.dialogue.confirm(`Suspend ${address}?`);
  await change(run, (box) => box.admin.suspendUser(address), `${address} is suspended.`);
}

export async function resumeUser(run: Run, _flags: None, word: string): Promise<void> {
  const address = addressOf(word);
  await change(run, (box) => box.admin.resumeUser(address), `${address} may sign in again.`);
}

export async function deleteUser(run: Run, _flags: None, word: string): Promise<void> {
  const address = addressOf(word);
  await run.dialogue.confirm(`End the account ${address} for good?`);
  await change(run, (box) => box.admin.deleteUser(address), `The account ${address} is no more.`);
}

export async function setUserRole(run: Run, _flags: None, word: string, role: AccountRole): Promise<void> {
  const address: Address = addressOf(word);
  await withAccount(run, 'needed', async (box) => {
    const user = await box.admin.setUserRole(address, role);
    run.output.done(userJson(user), () => `${address} is ${user.role} now.`);
  });
}

async function change(run: Run, work: (box: KeyBox) => Promise<SuspensionResult>, said: string): Promise<void> {
  await withAccount(run, 'needed', async (box) => {
    const { user, signed } = await work(box);
    run.output.done({ ...userJson(user), signed }, () => said);
    if (!signed) {
      run.output.note('The server acts on it. The policy does not say so yet: the owner who has the policy key');
      run.output.note('makes the clients of others act on it, by the same command.');
    }
  });
}

function userJson({ address, fingerprint, role, state, devices }: AdminUser) {
  return { address, fingerprint: fingerprint === null ? null : hex(fingerprint), role, state, devices };
}
