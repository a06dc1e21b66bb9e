import type { Buffer } from 'node:buffer';
import { Secret } from '../secret.ts';

/** The same bytes without Buffer's own methods, some of which differ from Uint8Array's under the same name. */
export function plainBytes(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer.buffer as ArrayBuffer, buffer.byteOffset, buffer.byteLength);
}

/** Moves bytes into a handle and wipes them. */
export function intoSecret(bytes: Uint8Array): Secret {
  const secret = new Secret(bytes);
  bytes.fill(0);
  return secret;
}
