import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@sotto/crypto';
import { nodePacketCiphers } from '@sotto/crypto/node';
import { profiles, SrtpReceiver, SrtpSender } from '@sotto/srtp';
import { RtpHeader, SrtpSession } from 'werift';
import { root } from '../../test/support/program.ts';

export type Mode = 'counter' | 'gcm';

/** One after the other: protects and unprotects so many packets. */
export type Protector = (count: number) => void;

/** Ours: AES-128 and an authentication tag of 80 bits, or AES-128-GCM. */
export function ourSrtp(mode: Mode): Protector {
  const profile = profiles.find(({ name }) => name === NAMES[mode]);
  if (profile === undefined) throw new Error('no such profile');
  return (count) => {
    const { key, salt } = keyOf(mode);
    const master = { key: new Secret(key), salt: new Secret(salt) };
    using sender = new SrtpSender({ ciphers: nodePacketCiphers, profile, master });
    using receiver = new SrtpReceiver({ ciphers: nodePacketCiphers, profile, master });
    const packet = new Uint8Array(12 + PAYLOAD_BYTES).fill(0x55);
    packet.set([0x80, 96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]);
    for (let i = 0; i < count; i++) {
      packet[2] = i >> 8;
      packet[3] = i;
      if (receiver.unprotectRtp(sender.protectRtp(packet)).length !== packet.length) throw new Error('not the packet');
    }
  };
}

/** werift, which is given its header parsed and reads it again on the other side. */
export function weriftSrtp(mode: Mode): Protector {
  return (count) => {
    const { key, salt } = keyOf(mode);
    const keys = { localMasterKey: key, localMasterSalt: salt, remoteMasterKey: key, remoteMasterSalt: salt };
    const session = new SrtpSession({ keys, profile: mode === 'gcm' ? 7 : 1 });
    const payload = Buffer.alloc(PAYLOAD_BYTES, 0x55);
    for (let i = 0; i < count; i++) {
      const header = new RtpHeader({ payloadType: 96, sequenceNumber: i, timestamp: 0, ssrc: 7 });
      const opened = session.decrypt(session.encrypt(payload, header));
      if (opened.length !== 12 + PAYLOAD_BYTES) throw new Error('not the packet');
    }
  };
}

/** Processor time of libsrtp for a packet, in nanoseconds; built when it is asked. */
export function libsrtpNanoseconds(mode: Mode, count: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-libsrtp-'));
  try {
    const program = join(folder, 'speed');
    const build = ['-O2', '-o', program, `${root}bench/support/libsrtp-speed.c`, '-lsrtp2'];
    if (spawnSync('gcc', build, { stdio: 'inherit' }).status !== 0) throw new Error('libsrtp-speed.c was not built');
    const words = [mode, String(count), String(PAYLOAD_BYTES)];
    return Number(spawnSync(program, words, { encoding: 'utf8' }).stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function keyOf(mode: Mode): { readonly key: Buffer; readonly salt: Buffer } {
  const bytes = Buffer.from(Array.from({ length: 46 }, (_, i) => i));
  return { key: bytes.subarray(0, 16), salt: bytes.subarray(16, mode === 'gcm' ? 28 : 30) };
}

const NAMES = { counter: 'AES_CM_128_HMAC_SHA1_80', gcm: 'AEAD_AES_128_GCM' } as const;
/** Opus at 32 kbit/s, 20 ms. */
const PAYLOAD_BYTES = 80;
