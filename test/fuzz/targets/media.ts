import { concat, decodeCbor, encodeCbor, hex } from '@sotto/bytes';
import { type PacketCiphers, Secret } from '@sotto/crypto';
import { nodePacketCiphers } from '@sotto/crypto/node';
import { cipherSuites, encodeHeader, FrameReceiver, FrameSender, parseHeader } from '@sotto/sframe';
import { profiles, SrtpReceiver, SrtpSender } from '@sotto/srtp';
import { isZrtpPacket } from '@sotto/zrtp';
import { encodeDigest, encodeEnvelope, parseDigest, parseEnvelope } from '../../../packages/sframe/src/frame-digest.ts';
import { masterKey, rtcpPacket, rtpPacket } from '../../../packages/srtp/src/srtp.fixture.ts';
import { crc32c } from '../../../packages/zrtp/src/crc32c.ts';
import { encodeCommit, parseCommit } from '../../../packages/zrtp/src/messages/commit.ts';
import { encodeSealedConfirm, parseConfirm, parseSealedConfirm } from '../../../packages/zrtp/src/messages/confirm.ts';
import { encodeDhPart, parseDhPart } from '../../../packages/zrtp/src/messages/dh-part.ts';
import { encodeHello, parseHello } from '../../../packages/zrtp/src/messages/hello.ts';
import {
  encodeError,
  encodeShort,
  parseError,
  parsePing,
  parseShort,
} from '../../../packages/zrtp/src/messages/short.ts';
import { encodePacket, parsePacket } from '../../../packages/zrtp/src/packet.ts';
import { type Parser, type Target, Violation } from '../target.ts';
import { converse, ZrtpEnd } from './zrtp-end.ts';

/** Ciphers that hide and prove nothing, so that inputs reach what is inside. */
const open: PacketCiphers = {
  ...nodePacketCiphers,
  aesCtr: () => undefined,
  aesGcm: {
    seal: (_key, { plaintext }, into) => into.set(plaintext),
    open: (_key, { sealed }, into) => into.set(sealed.subarray(0, -16)),
  },
  hmac: (hash) => new Uint8Array({ 'SHA-1': 20, 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64 }[hash]),
};

const conversation = converse();
const said = conversation.theirs.map((packet) => parsePacket(packet).message);
const digest = { conference: new Uint8Array(8), keyId: 1n, first: 2n };
const ping = Uint8Array.of(0x50, 0x5a, 0, 6, ...Buffer.from('Ping    1.1012345678'));

/** Whatever comes to a port of a call: packets and messages of ZRTP, whole handshakes, SRTP and SRTCP, frames. */
export const media: Target = {
  name: 'media',
  sources: [
    ...['packet', 'fields', 'stream', 'messages/hello', 'messages/commit'].map(
      (name) => `packages/zrtp/src/${name}.ts`,
    ),
    ...['srtp/src/packet', 'sframe/src/header'].map((name) => `packages/${name}.ts`),
  ],
  parsers: [
    {
      name: 'zrtp-packet',
      shape: 'bytes',
      seeds: conversation.theirs.map((packet) => packet.subarray(0, -4)),
      // Nobody hits a check sum by chance.
      parse: (input) => encodePacket(parsePacket(concat(input, crc32c(input)))).subarray(0, -4),
    },
    message('Hello', (bytes) => {
      const { mac, ...hello } = parseHello(bytes);
      const again = encodeHello(hello, () => mac);
      if (JSON.stringify(parseHello(again)) !== JSON.stringify({ ...hello, mac })) return new Uint8Array();
      return null;
    }),
    message('Commit', (bytes) => {
      const { mac, ...commit } = parseCommit(bytes);
      return encodeCommit(commit, () => mac);
    }),
    message('DHPart1', (bytes) => {
      const { mac, ...part } = parseDhPart('DHPart1', bytes);
      return encodeDhPart('DHPart1', part, () => mac);
    }),
    message('Confirm1', (bytes) => encodeSealedConfirm('Confirm1', parseSealedConfirm('Confirm1', bytes))),
    message('Error', (bytes) => encodeError(parseError(bytes)), [encodeError(0x61)]),
    message('Ping', nothing(parsePing), [ping]),
    message('HelloACK', (bytes) => {
      parseShort('HelloACK', bytes);
      return encodeShort('HelloACK');
    }),
    {
      name: 'zrtp-confirmation',
      shape: 'bytes',
      seeds: [new Uint8Array(40)],
      parse: nothing(parseConfirm),
    },
    {
      name: 'zrtp-stream',
      shape: 'cbor',
      seeds: [encodeCbor(said), encodeCbor([...said, ping, encodeError(0x20)])],
      // Curves, under the interpreter.
      patience: 40,
      parse: (input) => {
        const given = decodeCbor(input);
        const messages = Array.isArray(given) ? given.filter((each) => each instanceof Uint8Array).slice(0, 12) : [];
        hear(messages);
        return null;
      },
    },
    ...profiles.flatMap((profile) => [
      srtp(`srtp-${profile.name}`, profile, 'rtp'),
      srtp(`srtcp-${profile.name}`, profile, 'rtcp'),
    ]),
    {
      name: 'frame-digest',
      shape: 'cbor',
      seeds: [1, 3].map((count) => encodeDigest({ ...digest, frames: Array(count).fill(new Uint8Array(16)) })),
      parse: (input) => encodeDigest(parseDigest(input)),
    },
    {
      name: 'frame-digest-envelope',
      shape: 'cbor',
      seeds: [encodeEnvelope(new Uint8Array(9), new Uint8Array(64))],
      parse: (input) => {
        const { signed, signature } = parseEnvelope(input);
        return encodeEnvelope(signed, signature);
      },
    },
    {
      name: 'sframe-header',
      shape: 'bytes',
      seeds: [0n, 300n, 1n << 60n].map((keyId) => encodeHeader({ keyId, counter: keyId + 7n })),
      parse: (input) => {
        const { header, length } = parseHeader(input);
        return concat(encodeHeader(header), input.subarray(length));
      },
    },
    ...cipherSuites.map((suite): Parser => {
      const input = { ciphers: open, suite, keyId: 9n, baseKey: new Secret(new Uint8Array(16)) };
      return {
        name: `sframe-${suite.name}`,
        shape: 'bytes',
        seeds: [new FrameSender(input).seal(new Uint8Array(20))],
        parse: (frame) => {
          using receiver = new FrameReceiver();
          receiver.addKey(input);
          receiver.open(frame);
          return null;
        },
      };
    }),
  ],
};

/** For what is not written again. */
function nothing(parse: (bytes: Uint8Array) => unknown): (bytes: Uint8Array) => null {
  return (bytes) => {
    parse(bytes);
    return null;
  };
}

/** A message behind the rules that all of them keep. */
function message(
  type: string,
  parse: (bytes: Uint8Array) => Uint8Array | null,
  seeds: readonly Uint8Array[] = said.filter((each) => typeOf(each) === type),
): Parser {
  const packed = (bytes: Uint8Array) => encodePacket({ sequence: 1, source: 1, message: bytes });
  return { name: `zrtp-${type}`, shape: 'bytes', seeds, parse: (input) => parse(parsePacket(packed(input)).message) };
}

function srtp(name: string, profile: (typeof profiles)[number], kind: 'rtp' | 'rtcp'): Parser {
  const input = { ciphers: open, profile, master: masterKey(profile) };
  const sender = new SrtpSender(input);
  const seed = kind === 'rtp' ? sender.protectRtp(rtpPacket({ sequence: 1 })) : sender.protectRtcp(rtcpPacket());
  return {
    name,
    shape: 'bytes',
    seeds: [seed],
    parse: (packet) => {
      using receiver = new SrtpReceiver(input);
      if (isZrtpPacket(packet)) return null;
      if (kind === 'rtp') receiver.unprotectRtp(packet);
      else receiver.unprotectRtcp(packet);
      return null;
    },
  };
}

/** The same end each time hears what came, perhaps altered: it has the keys of the first time, or none. */
function hear(messages: readonly Uint8Array[]): void {
  const end = new ZrtpEnd(1);
  for (const [i, each] of messages.entries()) {
    const isCarried = each.length % 4 === 0 && each.length <= 2160;
    if (isCarried) end.hear(encodePacket({ sequence: i, source: 2, message: each }));
  }
  if (end.agreed !== null && end.agreed.own.key.use(hex) !== conversation.key) throw new Violation('other keys');
}

function typeOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(4, 12)).trimEnd();
}
