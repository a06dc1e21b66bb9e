import { createCipheriv, createDecipheriv } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { audioProfiles, MediaSession } from '@sotto/call-node';
import { Secret } from '@sotto/crypto';
import { nodePacketCiphers, nodePrimitives } from '@sotto/crypto/node';
import { cipherSuites, FrameReceiver, FrameSender } from '@sotto/sframe';
import type { Bench, Figure, Result } from './support/bench.ts';
import { libsrtpNanoseconds, type Mode, ourSrtp, weriftSrtp } from './support/srtp-pairs.ts';
import { inTurns, processorTime } from './support/turns.ts';
import { timePageFrames } from './support/web/page-frames.ts';
import { BzrtpPair, ownHandshake } from './support/zrtp-pairs.ts';

/** Words: seconds of a call, rounds, operations of each round. */
export const bench: Bench = {
  title: 'calls: room on the wire, ZRTP, SRTP, SFrame',
  about: `
*A call* is two ends in one process on 127.0.0.1, with ZRTP (X25519, AES-256), SRTP and Opus, low-bandwidth profile (12 kbit/s at a constant rate, a packet every
60 ms): all that one end sends once there are keys, audio and reports, with the headers of IPv4 and UDP, over the time. *First sound* is from the moment at which both know of
each other's addresses, as after an answer, until the first packet of the other was found genuine.

*ZRTP*: a whole handshake of both ends (X25519, SHA-256, AES-128), processor time. Ours in one process without a network between; libbzrtp two processes over UDP, from
\`startChannelEngine\` until both are secure, with what its test program prints. *SRTP*: protect and unprotect a packet with 80 bytes of payload, packets in a
second of a processor, the runtime's collection of garbage included, in turns with werift; libsrtp in a C program, the fastest of five rounds. *SFrame*: seal and open a frame of 1,000 bytes, against AES-128-GCM of the runtime alone with a key that
is kept and a nonce each, in processor time, too; in a page of Chromium the same, with the portable ciphers that calls use there, against WebCrypto alone.`,
  programs: ['chromium', 'gcc', 'libbzrtp', 'libsrtp2'],
  packages: ['werift'],
  run,
};

async function run([seconds = '20', rounds = '9', count = '3000']: readonly string[]): Promise<Result> {
  const turns = { rounds: Number(rounds), count: Number(count) };
  const figures = [
    ...(await callFigures(Number(seconds))),
    ...(await zrtpFigures(Number(rounds))),
    ...(await srtpFigures('counter', turns)),
    ...(await srtpFigures('gcm', turns)),
    ...(await sframeFigures(turns)),
    await pageFigure(turns),
  ];
  return { figures, notes: [LIMIT] };
}

async function callFigures(seconds: number): Promise<readonly Figure[]> {
  const waits: number[] = [];
  let rate = 0;
  for (let i = 0; i < 5; i++) {
    const call = await startCall();
    waits.push(await call.firstSound);
    if (i === 0) rate = await call.bitsPerSecond(seconds);
    await call.close();
  }
  const firstSound = waits.toSorted((left, right) => left - right)[2] as number;
  return [
    {
      ...alone('audio one way, IPv4', { value: rate / 1000, unit: 'kbit/s' }),
      asked: { atMost: 20 },
    },
    alone('from the answer to the first sound', { value: firstSound, unit: 'ms' }),
  ];
}

async function startCall() {
  const { randomBytes } = nodePrimitives();
  const nothing = { rs1: null, rs2: null, verified: false };
  const secrets = { find: async () => nothing, keep: async () => undefined, doubt: async () => undefined };
  const heard = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const open = (i: number): Promise<MediaSession> =>
    MediaSession.open({
      zid: randomBytes(12),
      secrets,
      notify: ({ kind }) => void (kind === 'audio' && heard[i]?.resolve()),
    });
  const [left, right] = await Promise.all([open(0), open(1)]);
  const secret = randomBytes(32);
  const start = performance.now();
  for (const [own, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const { candidates, helloHash: zrtpHash } = other;
    const profile = audioProfiles['low-bandwidth'];
    own.connect({ candidates, zrtpHash, auxiliary: new Secret(secret), profile });
  }
  return {
    firstSound: Promise.all(heard.map(({ promise }) => promise)).then(() => performance.now() - start),
    async bitsPerSecond(seconds: number) {
      const [before, since] = [left.statistics.sent.bytes, performance.now()];
      await wait(seconds * 1000);
      return ((left.statistics.sent.bytes - before) * 8000) / (performance.now() - since);
    },
    close: () => Promise.all([left.close(), right.close()]),
  };
}

async function zrtpFigures(rounds: number): Promise<readonly Figure[]> {
  const own = measureOwn(rounds * 5);
  using pair = BzrtpPair.build();
  const theirs: number[] = [];
  for (let i = 0; pair !== null && i < rounds; i++) theirs.push(await pair.handshake());
  const median = theirs.toSorted((left, right) => left - right)[theirs.length >> 1];
  const against = median === undefined ? null : 'libbzrtp';
  return [
    {
      ...alone('ZRTP handshake of two ends, CPU', { value: own, unit: 'ms' }),
      against,
      theirs: median === undefined ? null : { value: median * 1000, unit: 'ms' },
    },
    {
      ...alone('ZRTP handshakes on one processor', { value: 1000 / own, unit: '/s' }),
      against,
      theirs: median === undefined ? null : { value: 1 / median, unit: '/s' },
      better: 'more',
    },
  ];
}

/** Milliseconds of processors for one, the median. */
function measureOwn(count: number): number {
  for (let i = 0; i < 20; i++) ownHandshake();
  const times = Array.from({ length: count }, () => {
    const before = process.cpuUsage();
    ownHandshake();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return times.toSorted((left, right) => left - right)[count >> 1] as number;
}

async function srtpFigures(mode: Mode, { rounds, count }: Parameters<typeof inTurns>[1]): Promise<readonly Figure[]> {
  // Longer than the others: a stream is long, and the collection before each round drops compiled code of both.
  const turns = { rounds, count: count * 5, clock: processorTime };
  const times = await inTurns({ ours: ourSrtp(mode), werift: weriftSrtp(mode) }, turns);
  const what = `SRTP packets, ${mode === 'gcm' ? 'AES-128-GCM' : 'AES-128 counter mode, tag of 80 bits'}`;
  const rate = (milliseconds: number): Figure['ours'] => ({ value: 1000 / milliseconds, unit: '/s' });
  const ours = rate(times.ours);
  const libsrtp = rate(libsrtpNanoseconds(mode, turns.count) / 1e6);
  const common = { what, ours, better: 'more' } as const;
  return [
    { ...common, against: 'werift', theirs: rate(times.werift), asked: { timesBetter: 2 } },
    { ...common, against: 'libsrtp', theirs: libsrtp, asked: null },
  ];
}

async function sframeFigures(turns: Parameters<typeof inTurns>[1]): Promise<readonly Figure[]> {
  const times = await inTurns({ ours: ownFrames, theirs: bareFrames }, { ...turns, clock: processorTime });
  const rate = (milliseconds: number): Figure['ours'] => ({ value: 1000 / milliseconds, unit: '/s' });
  const what = 'SFrame frames of 1,000 B';
  return [
    {
      what,
      against: 'node:crypto alone',
      ours: rate(times.ours),
      theirs: rate(times.theirs),
      better: 'more',
      asked: null,
    },
  ];
}

async function pageFigure(turns: Parameters<typeof timePageFrames>[0]): Promise<Figure> {
  const { ours, raw } = await timePageFrames(turns);
  return {
    what: 'SFrame frames of 1,000 B, in a page',
    against: 'WebCrypto alone',
    ours: { value: ours, unit: '/s' },
    theirs: { value: raw, unit: '/s' },
    better: 'more',
    asked: null,
  };
}

function ownFrames(count: number): void {
  const suite = cipherSuites.find(({ name }) => name === 'AES_128_GCM_SHA256_128');
  if (suite === undefined) throw new Error('no such suite');
  const input = { ciphers: nodePacketCiphers, suite, keyId: 5n, baseKey: new Secret(KEY) };
  using sender = new FrameSender(input);
  using receiver = new FrameReceiver();
  receiver.addKey(input);
  for (let i = 0; i < count; i++)
    if (receiver.open(sender.seal(FRAME)).plaintext.length !== FRAME.length) throw new Error('not the frame');
}

function bareFrames(count: number): void {
  const nonce = new Uint8Array(12);
  const view = new DataView(nonce.buffer);
  for (let i = 0; i < count; i++) {
    view.setUint32(8, i);
    const cipher = createCipheriv('aes-128-gcm', KEY, nonce);
    const sealed = cipher.update(FRAME);
    cipher.final();
    const decipher = createDecipheriv('aes-128-gcm', KEY, nonce).setAuthTag(cipher.getAuthTag());
    decipher.update(sealed);
    decipher.final();
  }
}

function alone(what: string, ours: Figure['ours']): Figure {
  return { what, against: null, ours, theirs: null, better: 'less', asked: null };
}

const LIMIT = `Both TypeScript implementations of SRTP end in the same OpenSSL. In counter mode ours keeps the block cipher and the padded keys of the HMAC for each key, so that a packet
takes three short calls of the runtime to protect, and three to open. A cipher of AES-GCM has to be made anew for every packet in the runtime, by either, and be given header, text and tag one by one: those
calls alone are about 90 % of what a packet takes ours, and two thirds of what it takes werift. Twice werift's rate would leave them less than they need: that bound is out of reach with the AES-GCM of the runtime,
and one of our own making would be no gain in safety. SFrame pays the same calls and, over its bare cipher, for header, copies and the
window against replays. libbzrtp and libsrtp are C. In a page
the ciphers of frames are JavaScript, which answers at once where WebCrypto makes a promise of each; that costs most of the speed, and leaves many times what a call sends.`;
const KEY = new Uint8Array(16).fill(7);
const FRAME = new Uint8Array(1000).fill(3);
