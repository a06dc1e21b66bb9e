import { SipPeerFault, SipPolicyFault } from '../fault.ts';
import { isIpv4, isIpv6 } from '../syntax/host.ts';
import {
  type Attribute,
  type Connection,
  encodeDescription,
  type MediaDescription,
  type Origin,
  parseDescription,
  type SessionDescription,
} from './description.ts';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** Our end of the one audio stream. */
export interface LocalMedia {
  /** Of the socket for RTP: an IP address without brackets. */
  readonly address: string;
  readonly port: number;
  /** Of our ZRTP Hello, `1.10 ` and 64 digits (RFC 6189 section 8.1). */
  readonly helloHash: string;
}

/** The other end of it, as its signalling says; nothing of it is proven before ZRTP is. */
export interface RemoteMedia {
  /** An IP address without brackets. */
  readonly address: string;
  readonly port: number;
  readonly helloHash: string;
  /** Of Opus, in both directions. */
  readonly payloadType: number;
  /** As we see it: `recvonly` if the other end only sends. */
  readonly direction: Direction;
  /** Milliseconds of sound that it wants in a packet; null for any. */
  readonly packetMilliseconds: number | null;
}

/** What tells our descriptions of a call apart (RFC 3264 section 8). */
export interface DescriptionId {
  readonly sessionId: string;
  readonly version: number;
}

/** Opus over RTP that ZRTP is to protect: no other profile, no key in it, nothing else. */
export function encodeOffer(local: LocalMedia, id: DescriptionId): Uint8Array<ArrayBuffer> {
  return encodeDescription(describe(local, id, [audio(local, PAYLOAD_TYPE, 'sendrecv')]));
}

/** What an offer asks for. Throws `description-malformed`, `media-unprotected` and `media-unsupported`. */
export function parseOffer(bytes: Uint8Array): RemoteMedia {
  const description = parseDescription(bytes);
  const { media, payloadType } = chosenAudio(description);
  return remoteMedia(description, media, payloadType);
}

/** Takes the audio of an offer that `parseOffer` took, and no other media of it (RFC 3264 section 6). */
export function encodeAnswer(offer: Uint8Array, local: LocalMedia, id: DescriptionId): Uint8Array<ArrayBuffer> {
  const description = parseDescription(offer);
  const { media: chosen, payloadType } = chosenAudio(description);
  const direction = remoteMedia(description, chosen, payloadType).direction;
  const media = description.media.map((media) =>
    media === chosen ? audio(local, payloadType, direction) : refused(media),
  );
  return encodeDescription(describe(local, id, media));
}

/**
 * The answer to an offer of ours. Throws `description-malformed`, `media-unprotected`, `media-unsupported` and
 * `answer-contradicts`.
 */
export function parseAnswer(bytes: Uint8Array): RemoteMedia {
  const description = parseDescription(bytes);
  const [media, ...more] = description.media;
  if (media === undefined || more.length > 0 || media.media !== 'audio' || media.protocol !== PROFILE)
    throw new SipPeerFault('answer-contradicts', 'an answer to another offer');
  if (media.port === 0) throw unsupported('no audio wanted');
  // We offered none: whoever adds some wants others to read them.
  if (media.attributes.some(({ name }) => name === 'crypto')) throw unprotected('keys in the signalling');
  return remoteMedia(description, media, opusOf(media));
}

/** The first audio that can be protected; if there is none the first fault says why. */
function chosenAudio({ media }: SessionDescription): { media: MediaDescription; payloadType: number } {
  const wanted = media.filter((one) => one.media === 'audio' && one.port !== 0);
  if (wanted.length === 0) throw unsupported('no audio');
  const protectedMedia = wanted.find((one) => one.protocol === PROFILE && helloHashOf(one) !== null);
  if (protectedMedia === undefined) throw unprotected('no audio under ZRTP');
  return { media: protectedMedia, payloadType: opusOf(protectedMedia) };
}

function remoteMedia(description: SessionDescription, media: MediaDescription, payloadType: number): RemoteMedia {
  const helloHash = helloHashOf(media);
  if (helloHash === null) throw unprotected('no ZRTP');
  const where = media.connection ?? description.connection;
  if (where === null || !isAddress(where)) throw unsupported('no IP address for the media');
  const stated = directionOf(media.attributes) ?? directionOf(description.attributes) ?? 'sendrecv';
  // An address of zeros means the same in older programs (RFC 3264 section 8.4).
  const direction = /^[0.:]+$/.test(where.address) ? 'inactive' : MIRRORED[stated];
  const packet = Number(media.attributes.find(({ name }) => name === 'ptime')?.value ?? Number.NaN);
  const packetMilliseconds = PACKET_LENGTHS.includes(packet) ? packet : null;
  return { address: where.address, port: media.port, helloHash, payloadType, direction, packetMilliseconds };
}

/**
 * Nobody from elsewhere has his media on this machine. Throws `media-unsupported`.
 */
export function checkReach({ address }: RemoteMedia, source: string): void {
  if (isLoopback(address) && !isLoopback(source)) throw unsupported('media on a machine that is not his');
}

function isLoopback(address: string): boolean {
  return /^127\./.test(address) || /^(?:0{0,4}:){2,7}0{0,3}1$/.test(address) || /^::ffff:(?:127\.|7f)/i.test(address);
}

function isAddress({ family, address }: Connection): boolean {
  return family === 'IP4' ? isIpv4(address) : isIpv6(address);
}

/** RFC 6189 section 8.1: with the medium, since every stream has a Hello of its own. */
function helloHashOf({ attributes }: MediaDescription): string | null {
  const values = attributes.flatMap(({ name, value }) => (name === 'zrtp-hash' && value !== null ? [value] : []));
  const found = values.find((value) => /^1\.1[0-9] [0-9A-Fa-f]{64}$/.test(value));
  return found === undefined ? null : found.toLowerCase();
}

/** The payload type of Opus (RFC 7587 section 7). */
function opusOf({ attributes, formats }: MediaDescription): number {
  for (const { name, value } of attributes) {
    const [, type] = (name === 'rtpmap' && /^([0-9]{1,3}) opus\/48000\/2$/i.exec(value ?? '')) || [];
    if (type !== undefined && formats.includes(type) && Number(type) <= 127) return Number(type);
  }
  throw unsupported('no Opus');
}

function directionOf(attributes: readonly Attribute[]): Direction | null {
  const found = attributes.find(({ name, value }) => value === null && Object.hasOwn(MIRRORED, name));
  return (found?.name as Direction | undefined) ?? null;
}

function describe(
  { address }: LocalMedia,
  { sessionId, version }: DescriptionId,
  media: readonly MediaDescription[],
): SessionDescription {
  const connection: Connection = { family: isIpv4(address) ? 'IP4' : 'IP6', address };
  const origin: Origin = { username: '-', sessionId, version: String(version), ...connection };
  return { origin, name: '-', connection, attributes: [], others: [{ type: 't', value: '0 0' }], media };
}

function audio({ port, helloHash }: LocalMedia, payloadType: number, direction: Direction): MediaDescription {
  return {
    ...{ media: 'audio', port, protocol: PROFILE, formats: [String(payloadType)], connection: null, others: [] },
    attributes: [
      { name: 'rtpmap', value: `${payloadType} opus/48000/2` },
      { name: 'fmtp', value: `${payloadType} useinbandfec=1` },
      { name: 'rtcp-mux', value: null },
      { name: 'zrtp-hash', value: helloHash },
      { name: direction, value: null },
    ],
  };
}

function refused(media: MediaDescription): MediaDescription {
  return { ...media, port: 0, connection: null, attributes: [], others: [] };
}

function unprotected(message: string): SipPolicyFault {
  return new SipPolicyFault('media-unprotected', message);
}

function unsupported(message: string): SipPolicyFault {
  return new SipPolicyFault('media-unsupported', message);
}

/** Keys come from ZRTP in the media (RFC 6189 section 8); SAVP would say that they come from the signalling. */
const PROFILE = 'RTP/AVP';
const PAYLOAD_TYPE = 96;
const PACKET_LENGTHS: readonly number[] = [10, 20, 40, 60];
const MIRRORED: Readonly<Record<Direction, Direction>> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};
