import { concat } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import { profiles, type SrtpProfile } from './profile.ts';
import type { MasterKey } from './session-keys.ts';

/** The bytes 1, 2, 3 ... as key, 101, 102, ... as salt. */
export function masterKey({ keyBytes, saltBytes }: SrtpProfile): MasterKey {
  const count = (length: number, from: number): Secret => new Secret(Uint8Array.from({ length }, (_, i) => from + i));
  return { key: count(keyBytes, 1), salt: count(saltBytes, 101) };
}

export function profileOf(name: string): SrtpProfile {
  const profile = profiles.find((each) => each.name === name);
  if (profile === undefined) throw new Error(`no profile ${name}`);
  return profile;
}

/** With two contributing sources and an extension, so that headers have all parts that they may have. */
export function rtpPacket({
  sequence,
  source = 0xcafe,
  payload = new Uint8Array(40).fill(0xab),
}: {
  readonly sequence: number;
  readonly source?: number;
  readonly payload?: Uint8Array;
}): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(12 + 8 + 8);
  const view = new DataView(header.buffer);
  view.setUint8(0, 0x92);
  view.setUint8(1, 96);
  view.setUint16(2, sequence);
  view.setUint32(4, 1234);
  view.setUint32(8, source);
  view.setUint16(20, 0xbede);
  view.setUint16(22, 1);
  return concat(header, payload);
}

/** A sender report. */
export function rtcpPacket(): Uint8Array<ArrayBuffer> {
  return concat(Uint8Array.of(0x80, 200, 0, 6, 0, 0, 0xca, 0xfe), new Uint8Array(20).fill(3));
}
