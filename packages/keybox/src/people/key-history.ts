import { hex } from '@sotto/bytes';
import { type Chain, type DeviceKind, envelope, type Statement, statement } from '@sotto/protocol';
import type { Part } from '../ports.ts';

export type KeyChangeKind = 'account-made' | 'device-added' | 'device-revoked' | 'keys-renewed' | 'passphrase-changed';

/** One change of somebody's keys, as their own devices signed it. */
export interface KeyChangeView {
  /** Milliseconds since the epoch, by the clock of the device that signed. */
  readonly at: number;
  readonly kind: KeyChangeKind;
  /** Which device came or went, if one did. */
  readonly device: { readonly name: string; readonly kind: DeviceKind } | null;
}

/** The changes in a chain that this device verified, newest first. */
export async function keyHistory(keys: Part, chain: Chain): Promise<readonly KeyChangeView[]> {
  const rows = await keys.query<{ envelope: Uint8Array }>(
    'SELECT envelope FROM chain WHERE fingerprint = ? ORDER BY seq DESC',
    [chain.fingerprint],
  );
  return rows.flatMap((row) => changesOf(chain, statement.parse(envelope.parse(row.envelope).signed)));
}

function changesOf(chain: Chain, said: Statement): readonly KeyChangeView[] {
  const { at, type } = said;
  const kind = KINDS[type];
  return kind === null ? [] : [{ at, kind, device: deviceOf(chain, said) }];
}

function deviceOf({ devices }: Chain, said: Statement): KeyChangeView['device'] {
  if (said.type === 'genesis' || said.type === 'device.add') return described(said.body.device);
  if (said.type !== 'device.revoke') return null;
  const revoked = devices.get(hex(said.body.device));
  return revoked === undefined ? null : described(revoked);
}

function described({ name, kind }: { readonly name: string; readonly kind: DeviceKind }): KeyChangeView['device'] {
  return { name, kind };
}

const KINDS: Readonly<Record<Statement['type'], KeyChangeKind | null>> = {
  genesis: 'account-made',
  'device.add': 'device-added',
  'device.revoke': 'device-revoked',
  'userkey.rotate': 'keys-renewed',
  'passphrase.change': 'passphrase-changed',
  'bundle.set': null,
};
