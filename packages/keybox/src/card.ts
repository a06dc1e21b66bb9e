import { equal, hex } from '@sotto/bytes';
import {
  activeDevices,
  type Chain,
  type DeviceKind,
  fingerprintDigits,
  fingerprintPictures,
  formatCardLink,
} from '@sotto/protocol';
import type { Session } from './session.ts';
import type { AccountView, CardView } from './views.ts';

export function showAccount({ identity, link }: Session, chain: Chain): AccountView {
  const waysBack = waysBackOf(chain, identity.deviceId);
  return {
    address: identity.address,
    fingerprint: hex(identity.fingerprint),
    suite: identity.suite.name,
    server: link.origin,
    caFingerprint: hex(identity.caFingerprint),
    devices: [...chain.devices.values()].map(({ id, name, kind, revokedAt }) => ({
      id: hex(id),
      name,
      kind,
      state: revokedAt === null ? 'active' : 'revoked',
    })),
    waysBack,
    safe: waysBack.length > 1,
  };
}

function waysBackOf(chain: Chain, own: Uint8Array): AccountView['waysBack'] {
  const others = activeDevices(chain).filter(({ id }) => !equal(id, own));
  const has = (kind: DeviceKind): boolean => others.some((device) => device.kind === kind);
  return [
    ...(has('keybox') ? ['device' as const] : []),
    ...(has('roaming') ? ['roaming' as const] : []),
    ...(has('recovery') ? ['recovery-key' as const] : []),
  ];
}

/** The business card: what somebody needs to add this account and to verify it. */
export function card({ identity, link }: Session): CardView {
  const { address, fingerprint, caFingerprint } = identity;
  const digits = fingerprintDigits(fingerprint);
  return {
    address,
    fingerprint: hex(fingerprint),
    digits,
    pictures: fingerprintPictures(fingerprint),
    link: formatCardLink({ address, fingerprint }, link.origin),
    server: link.origin,
    caFingerprint: hex(caFingerprint),
    vcard: [
      'BEGIN:VCARD',
      'VERSION:4.0',
      `FN:${address}`,
      `IMPP:sotto:${address}`,
      `X-SOTTO-FINGERPRINT:${hex(fingerprint)}`,
      `X-SOTTO-SERVER:${link.origin}`,
      `X-SOTTO-CA:${hex(caFingerprint)}`,
      'END:VCARD',
      '',
    ].join('\r\n'),
  };
}
