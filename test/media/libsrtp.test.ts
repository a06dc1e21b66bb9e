import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { hex, parseHex } from '@sotto/bytes';
import { nodePacketCiphers } from '@sotto/crypto/node';
import { profiles, type SrtpProfile, SrtpReceiver, SrtpSender } from '@sotto/srtp';
import { codeOf } from '@sotto/testing';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { masterKey, rtcpPacket, rtpPacket } from '../../packages/srtp/src/srtp.fixture.ts';

describe.skipIf(process.env['SOTTO_WITHOUT_PEERS'] === '1')('SRTP with libsrtp', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-libsrtp-'));
  const program = join(folder, 'peer');

  beforeAll(() => {
    const source = join(import.meta.dirname, 'libsrtp-peer.c');
    const { status, stderr } = spawnSync('gcc', ['-O1', '-o', program, source, '-lsrtp2'], { encoding: 'utf8' });
    assert.strictEqual(status, 0, stderr);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describe.each(profiles)('$name', (profile) => {
    const input = { ciphers: nodePacketCiphers, profile, master: masterKey(profile) };

    test('it opens ours, across a rollover, and ours byte for byte as it would have made them', async () => {
      await using peer = startPeer(program, profile);
      await using other = startPeer(program, profile);
      using sender = new SrtpSender(input);
      for (let i = 0; i < 40; i++) {
        const packet = rtpPacket({ sequence: (65_520 + i) % 65_536 });
        const sealed = sender.protectRtp(packet);
        assert.strictEqual(await peer.ask('U', sealed), hex(packet));
        assert.strictEqual(await other.ask('P', packet), hex(sealed));
      }
      assert.strictEqual(await peer.ask('u', sender.protectRtcp(rtcpPacket())), hex(rtcpPacket()));
    });

    test('ours opens what it protects, and neither takes a packet twice or altered', async () => {
      await using peer = startPeer(program, profile);
      using receiver = new SrtpReceiver(input);
      using sender = new SrtpSender(input);
      for (let i = 0; i < 40; i++) {
        const packet = rtpPacket({ sequence: (65_520 + i) % 65_536 });
        const sealed = parseHex(await peer.ask('P', packet));
        assert.strictEqual(hex(receiver.unprotectRtp(sealed)), hex(packet));
        assert.strictEqual(await codeOf(() => receiver.unprotectRtp(sealed)), 'packet-replayed');
      }
      for (let i = 0; i < 3; i++)
        assert.strictEqual(hex(receiver.unprotectRtcp(parseHex(await peer.ask('p', rtcpPacket())))), hex(rtcpPacket()));
      const own = sender.protectRtp(rtpPacket({ sequence: 5 }));
      const altered = own.map((byte, i) => (i === 30 ? byte ^ 1 : byte));
      assert.strictEqual(await peer.ask('U', altered), 'refused');
      assert.notStrictEqual(await peer.ask('U', own), 'refused');
      assert.strictEqual(await peer.ask('U', own), 'refused');
    });
  });
});

interface Peer extends AsyncDisposable {
  ask(what: 'P' | 'U' | 'p' | 'u', packet: Uint8Array): Promise<string>;
}

function startPeer(program: string, profile: SrtpProfile): Peer {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const { key, salt } = masterKey(profile);
  const text = [key, salt].map((secret) => secret.use(hex)).join('');
  child.stdin.write(`${profile.name} ${text}\n`);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(what, packet) {
      child.stdin.write(`${what} ${hex(packet)}\n`);
      return (await answers.next()).value as string;
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await new Promise((resolve) => child.once('close', resolve));
    },
  };
}
