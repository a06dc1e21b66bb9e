import type { DeviceDetailView } from '@sotto/keybox';
import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { type Style, table, when } from '../terminal.ts';
import { isoTime } from './views.ts';

type None = Readonly<Record<never, never>>;

export async function listDevices(run: Run): Promise<void> {
  await withAccount(run, 'needed', async (box) => {
    const devices = await box.devices.list();
    run.output.list(devices.map(deviceJson), () => devicesText(devices, run.output.style));
  });
}

export async function revokeDevice(run: Run, { wipe }: { readonly wipe: boolean }, name: string): Promise<void> {
  await run.dialogue.confirm(`Shut out the device ${name} for good?`);
  await withAccount(run, 'needed', async (box) => {
    await box.devices.revoke(name, { own: wipe });
    run.output.done({ device: name, revoked: true }, () => `${name} is revoked, and the account has a new user key.`);
  });
}

export async function deviceName(run: Run): Promise<void> {
  await withAccount(run, 'unused', async (box) => {
    const name = await box.devices.ownName();
    run.output.value({ name }, () => name);
  });
}

export async function rotateUserKey(run: Run, _: None): Promise<void> {
  await withAccount(run, 'needed', async (box) => {
    await box.devices.rotate();
    run.output.done({ rotated: true }, () => 'The account has a new user key, and its rooms new eras.');
  });
}

function deviceJson({ lastSeenAt, ...device }: DeviceDetailView) {
  return { ...device, lastSeenAt: lastSeenAt === null ? null : isoTime(lastSeenAt) };
}

function devicesText(devices: readonly DeviceDetailView[], style: Style): string {
  const rows = devices.map((device) => [
    device.current ? `${device.name} (this one)` : device.name,
    device.kind,
    standing(device),
  ]);
  return table(['NAME', 'KIND', 'STATE'], rows, style);
}

function standing({ state, kind, current, connected, lastSeenAt }: DeviceDetailView): string {
  if (state === 'revoked') return 'revoked';
  if (kind !== 'keybox') return 'ready';
  if (current || connected) return 'connected';
  return lastSeenAt === null ? 'never seen' : `last seen ${when(lastSeenAt)}`;
}
