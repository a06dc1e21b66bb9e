import { hex, parseHex } from '@sotto/bytes';
import { ProtocolWireFault } from './fault.ts';

/** What an invitation link says: `https://host:port/i/CODE#ca=FINGERPRINT`. The fragment never reaches a server. */
export interface InvitationLink {
  /** Origin of the listener to speak to: http (loopback alone) or https. */
  readonly origin: string;
  /** 26 characters of Crockford's base 32: 128 random bits. */
  readonly code: string;
  /** SHA-256 of the CA certificate. */
  readonly caFingerprint: Uint8Array;
}

export function formatInvitation({ origin, code, caFingerprint }: InvitationLink): string {
  return `${origin}/i/${code}#ca=${hex(caFingerprint)}`;
}

/** Throws `invitation-malformed`. Plain http passes for loopback addresses alone. */
export function parseInvitation(text: string): InvitationLink {
  const match = LINK.exec(text.trim());
  if (match === null) throw malformed('an invitation looks like https://host/i/CODE#ca=FINGERPRINT');
  const [, origin, scheme, host, code, fingerprint] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (!isPort(/:([0-9]+)$/.exec(origin)?.[1] ?? '443')) throw malformed('a port is 1 to 65535');
  if (scheme === 'http' && !LOOPBACK.test(host)) throw malformed('plain http is taken for this machine alone');
  return { origin, code: code.toUpperCase(), caFingerprint: parseHex(fingerprint) };
}

function isPort(digits: string): boolean {
  return Number(digits) >= 1 && Number(digits) <= 65_535;
}

function malformed(what: string): ProtocolWireFault {
  return new ProtocolWireFault('invitation-malformed', what);
}

const LINK =
  /^((https?):\/\/([a-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?)\/i\/([0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{26})#ca=([0-9a-f]{64})$/;
const LOOPBACK = /^(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])$/;
