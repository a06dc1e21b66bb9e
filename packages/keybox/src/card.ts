import { equal, hex } from '@sotto/bytes';
import { activeDevices, type Chain, type DeviceKind } from '@sotto/protocol';
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

/**
 * A fingerprint as 60 decimal digits in twelve groups, for reading aloud: twelve 20-bit pieces of its first 240 bits,
 * each modulo 100,000.
 */
export function fingerprintDigits(fingerprint: Uint8Array): string {
  let bits = 0n;
  for (const byte of fingerprint.subarray(0, 30)) bits = (bits << 8n) | BigInt(byte);
  const groups: string[] = [];
  for (let i = 11; i >= 0; i--) {
    const piece = Number((bits >> BigInt(20 * i)) & 0xfffffn);
    groups.push(String(piece % 100_000).padStart(5, '0'));
  }
  return groups.join(' ');
}
