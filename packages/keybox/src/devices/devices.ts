import { equal, Fault, hex } from '@sotto/bytes';
import { activeDevice, activeDevices, type ChainDevice, currentUserKey } from '@sotto/protocol';
import { KeyboxUsageFault } from '../fault.ts';
import { logKey } from '../key-log.ts';
import type { RoomReader } from '../room-batch.ts';
import type { Turns } from '../turns.ts';
import { makeUserKeyChange, newestUserKey } from '../user-keys.ts';
import type { DeviceDetailView } from '../views.ts';
import { appendToOwnChain, refreshOwnChain } from './own-chain.ts';
import { changePassphrase, type PassphraseChange } from './passphrase-change.ts';

/** The account's devices: who can speak for it, and who no longer. */
export class Devices {
  readonly #reader: RoomReader;
  readonly #turns: Turns;
  readonly #startEras: () => Promise<unknown>;

  /** `startEras` brings the new user key into the account's rooms, as far as that can be done now. */
  constructor(reader: RoomReader, turns: Turns, startEras: () => Promise<unknown>) {
    this.#reader = reader;
    this.#turns = turns;
    this.#startEras = startEras;
  }

  /** Name of this device. */
  async ownName(): Promise<string> {
    return this.#reader.session.identity.deviceName;
  }

  /** Every device that the account ever had; what the server says of the active ones, where it can be reached. */
  async list(): Promise<readonly DeviceDetailView[]> {
    return this.#turns.run(async () => {
      const { identity, link } = this.#reader.session;
      const chain = await refreshOwnChain(this.#reader);
      const { devices } = await link.call('devices.list', {});
      const seen = new Map(devices.map((device) => [hex(device.device), device]));
      return [...chain.devices.values()].map(({ id, name, kind, revokedAt }) => ({
        id: hex(id),
        name,
        kind,
        current: equal(id, identity.deviceId),
        state: revokedAt === null ? 'active' : 'revoked',
        connected: seen.get(hex(id))?.connected ?? false,
        lastSeenAt: seen.get(hex(id))?.lastSeenAt ?? null,
      }));
    });
  }

  /**
   * Revokes a device by its name, and gives the others a new user key: what is written from now on does not open to it,
   * and at its next contact it deletes its vault; this device, revoked by itself, does so at once. Throws `not-found`, `device-own` for this device unless `own` is set,
   * `device-last`, `device-kit` for the recovery kit, which is replaced instead.
   */
  async revoke(name: string, { own = false }: { readonly own?: boolean } = {}): Promise<void> {
    return this.#turns.run(async () => {
      const { session } = this.#reader;
      const after = await appendToOwnChain(this.#reader, async (chain) => {
        const device = this.#revocable(activeDevices(chain), name, own);
        const stay = activeDevices(chain).filter(({ id }) => !equal(id, device.id));
        const previous = newestUserKey(session.identity).seed;
        const change = await makeUserKeyChange(session, { chain, previous, stay });
        return { type: 'device.revoke', body: { device: device.id, change } };
      }).catch(alreadyErased);
      if (after === null) return;
      if (activeDevice(after, session.identity.deviceId) === null) return session.care.erase();
      await session.keys.apply([logKey(session.clock, { event: 'device/own-revoked', device: name })]);
      await this.#startEras();
    });
  }

  /** A new user key for the devices as they are. */
  async rotate(): Promise<void> {
    return this.#turns.run(async () => {
      await rotateUserKey(this.#reader);
      await this.#startEras();
    });
  }

  /** Sets a new passphrase; the old one opens nothing that comes after. Throws `passphrase-too-weak`. */
  async changePassphrase(change: PassphraseChange): Promise<void> {
    return this.#turns.run(async () => {
      await changePassphrase(this.#reader, change);
      await this.#startEras();
    });
  }

  #revocable(active: readonly ChainDevice[], name: string, own: boolean): ChainDevice {
    const device = active.find((each) => each.name === name);
    if (device === undefined) throw new KeyboxUsageFault('not-found', `no active device is called ${name}`);
    if (device.kind === 'recovery') {
      throw new KeyboxUsageFault('device-kit', 'the recovery kit is replaced by a new one, not revoked by itself');
    }
    if (equal(device.id, this.#reader.session.identity.deviceId) && !own) {
      throw new KeyboxUsageFault('device-own', 'that is this device: its vault would be deleted');
    }
    if (active.length === 1) throw new KeyboxUsageFault('device-last', 'an account keeps its last device');
    return device;
  }
}

/** Revokes devices on borrowed computers whose time is over. */
export async function careForBorrowed(reader: RoomReader): Promise<void> {
  const { session } = reader;
  const { identity, clock } = session;
  const isOver = ({ id, expiresAt }: ChainDevice): boolean =>
    expiresAt !== null && expiresAt <= clock.now() && !equal(id, identity.deviceId);
  for (;;) {
    const chain = await reader.chains.known(identity.fingerprint);
    const over = chain === null ? undefined : activeDevices(chain).find(isOver);
    if (over === undefined) return;
    await appendToOwnChain(reader, async (newest) => {
      if (activeDevice(newest, over.id) === null) return null;
      const stay = activeDevices(newest).filter(({ id }) => !equal(id, over.id));
      const previous = newestUserKey(identity).seed;
      const change = await makeUserKeyChange(session, { chain: newest, previous, stay });
      return { type: 'device.revoke', body: { device: over.id, change } };
    });
  }
}

/**
 * Makes the next user key where the newest was made by a device that is revoked by now: it knew the seed. The first of
 * the account's devices that learns of it does so.
 */
export async function careForUserKey(reader: RoomReader): Promise<void> {
  const { identity } = reader.session;
  const chain = await reader.chains.known(identity.fingerprint);
  if (chain === null || activeDevices(chain).some(({ id }) => equal(id, currentUserKey(chain).by))) return;
  await rotateUserKey(
    reader,
    (newest) => !activeDevices(newest).some(({ id }) => equal(id, currentUserKey(newest).by)),
  );
}

/** The answer to a device that revoked itself may be lost: then it learned of it, and erased itself, on asking again. */
function alreadyErased(cause: unknown): null {
  if (cause instanceof Fault && cause.code === 'device-revoked') return null;
  throw cause;
}

async function rotateUserKey(
  reader: RoomReader,
  isDue: (chain: Parameters<typeof activeDevices>[0]) => boolean = () => true,
): Promise<void> {
  const { session } = reader;
  let before: number | null = null;
  await appendToOwnChain(reader, async (chain) => {
    before ??= currentUserKey(chain).generation;
    if (currentUserKey(chain).generation > before || !isDue(chain)) return null;
    const previous = newestUserKey(session.identity).seed;
    const change = await makeUserKeyChange(session, { chain, previous, stay: activeDevices(chain) });
    return { type: 'userkey.rotate', body: { change } };
  });
}
