import { crockford32, equal, parseCrockford32 } from '@sotto/bytes';
import { deriveKey, hmacSha256, Secret, sha256 } from '@sotto/crypto';
import { z } from 'zod/mini';
import { type Address, address } from './address.ts';
import { type DeviceDescription, deviceDescription } from './device.ts';
import { ProtocolPeerFault, ProtocolWireFault } from './fault.ts';
import { boundedBytes, type Extent, extent, type Format, format, hash32, milliseconds } from './format.ts';

/** What a new device says of itself to the one that shall admit it. */
export interface LinkRequest {
  readonly v: 1;
  readonly address: Address;
  readonly suite: number;
  readonly device: DeviceDescription;
  readonly at: number;
}

/** What the device that admitted it answers. */
export interface LinkAnswer {
  readonly v: 1;
  /** SHA-256 of the encoded request. */
  readonly request: Uint8Array;
  readonly address: Address;
  readonly fingerprint: Uint8Array;
  /** The chain with the `device.add` of the new device as its last statement. */
  readonly chain: Extent;
  readonly caFingerprint: Uint8Array;
  readonly accountRoom: Uint8Array;
}

export const linkRequest: Format<LinkRequest> = format(
  'link request',
  z.strictObject({
    v: z.literal(1),
    address,
    suite: z.int().check(z.minimum(1), z.maximum(0xffff)),
    device: deviceDescription,
    at: milliseconds,
  }),
);

const linkAnswer: Format<LinkAnswer> = format(
  'link answer',
  z.strictObject({
    v: z.literal(1),
    request: hash32,
    address,
    fingerprint: hash32,
    chain: extent,
    caFingerprint: hash32,
    accountRoom: hash32,
  }),
);

/** What follows from a link code, each by its own label. */
export interface LinkKeys extends Disposable {
  /** Where request and answer lie at the server. */
  readonly mailbox: Uint8Array;
  readonly request: Secret;
  readonly answer: Secret;
}

export function linkKeys(code: Secret): LinkKeys {
  using mailbox = deriveKey(code, 'sotto/link/mailbox/v1');
  const request = deriveKey(code, 'sotto/link/request/v1');
  const answer = deriveKey(code, 'sotto/link/answer/v1');
  return {
    mailbox: mailbox.unsafeExpose('an identifier that is sent to the server'),
    request,
    answer,
    [Symbol.dispose]() {
      request.dispose();
      answer.dispose();
    },
  };
}

/** The code as a person reads it: 26 characters of Crockford's base 32. */
export function formatLinkCode(code: Secret): string {
  return code.use((bytes) => crockford32(bytes));
}

/** Reads what a person typed: any case, hyphens and spaces. Throws `link-code-malformed`. */
export function parseLinkCode(text: string): Secret {
  try {
    const bytes = parseCrockford32(text);
    if (bytes.length === CODE_BYTES) return new Secret(bytes);
  } catch {
    // Told below, as for any other wrong length.
  }
  throw new ProtocolWireFault('link-code-malformed', 'a link code has 26 characters: compare it with the other screen');
}

/** Encodes a request and authenticates it by the code. */
export function protectLinkRequest({ request: key }: LinkKeys, request: LinkRequest): Uint8Array {
  return protect(key, linkRequest.encode(request));
}

/** Throws `link-request-invalid` for whatever the holder of the code did not write. */
export function verifyLinkRequest(
  { request: key }: LinkKeys,
  item: Uint8Array,
): { readonly request: LinkRequest; readonly hash: Uint8Array } {
  const content = verify(key, item);
  if (content !== null) return { request: linkRequest.parse(content), hash: sha256(content) };
  throw new ProtocolPeerFault('link-request-invalid', 'the request is not from the device that shows this code');
}

/** Encodes an answer and authenticates it by the code. */
export function protectLinkAnswer({ answer: key }: LinkKeys, answer: LinkAnswer): Uint8Array {
  return protect(key, linkAnswer.encode(answer));
}

/** Throws `link-answer-invalid` for whatever the holder of the code did not write as the answer to this request. */
export function verifyLinkAnswer({ answer: key }: LinkKeys, item: Uint8Array, request: LinkRequest): LinkAnswer {
  const content = verify(key, item);
  const answer = content === null ? null : linkAnswer.parse(content);
  const asked = sha256(linkRequest.encode(request));
  if (answer !== null && equal(answer.request, asked) && answer.address === request.address) return answer;
  throw new ProtocolPeerFault('link-answer-invalid', 'the answer is not from a device that was given this code');
}

interface Protected {
  readonly content: Uint8Array;
  /** HMAC-SHA-256 over `content`. */
  readonly mac: Uint8Array;
}

const protectedItem: Format<Protected> = format(
  'link item',
  z.strictObject({ content: boundedBytes(16_384, 1), mac: hash32 }),
);

function protect(key: Secret, content: Uint8Array): Uint8Array {
  return protectedItem.encode({ content, mac: key.use((bytes) => hmacSha256(bytes, content)) });
}

/** Null if the MAC is another. */
function verify(key: Secret, item: Uint8Array): Uint8Array | null {
  const { content, mac } = protectedItem.parse(item);
  return equal(
    key.use((bytes) => hmacSha256(bytes, content)),
    mac,
  )
    ? content
    : null;
}

const CODE_BYTES = 16;
