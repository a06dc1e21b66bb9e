import { type Branded, base64url, concat, equal, parseBase64url, parseUtf8, utf8 } from '@sotto/bytes';
import { type Primitives, type Secret, sha256, taggedMessage } from '@sotto/crypto';
import { TransparencyPeerFault, TransparencyWireFault } from './fault.ts';
import { MAX_CHECKPOINT_BYTES, MAX_CHECKPOINT_SIGNATURES, MAX_LOG_SIZE } from './limits.ts';
import type { LogExtent } from './merkle-log.ts';

/** Which log: that of a domain, in one life of its data. */
export interface LogName {
  readonly domain: string;
  /** Every restore from a backup begins a higher one, and with it a new log. */
  readonly incarnation: number;
}

interface CheckpointFields extends LogName, LogExtent {
  /** The signed note, as it travels. */
  readonly note: Uint8Array;
}

/** A checkpoint that was read, and may be anybody's. */
export type UnverifiedCheckpoint = CheckpointFields & {
  /** What is signed: the note's text to the end of its last line. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
};

/** The log's word on its size and root. */
export type Checkpoint = Branded<CheckpointFields, 'Checkpoint'>;

/** One line below a note (C2SP signed-note). */
export interface NoteSignature {
  readonly name: string;
  /** 4 bytes of the key's hash, then the signature. */
  readonly bytes: Uint8Array;
}

/** A checkpoint in the form of C2SP tlog-checkpoint, signed by the head key under `sotto/checkpoint/v1`. */
export async function signCheckpoint(
  primitives: Primitives,
  headKey: Secret,
  { domain, incarnation, size, root }: LogName & LogExtent,
): Promise<Uint8Array<ArrayBuffer>> {
  const origin = originOf({ domain, incarnation });
  const text = `${origin}\n${size}\n${base64(root)}\n`;
  const signature = await primitives.ed25519.sign(headKey, signedBytes(text));
  const keyId = keyIdOf(origin, await primitives.ed25519.publicKey(headKey));
  return utf8(`${text}\n— ${origin} ${base64(concat(keyId, signature))}\n`);
}

/** Throws `checkpoint-malformed` for anything but a note of three lines and one to eight signatures. */
export function parseCheckpoint(note: Uint8Array): UnverifiedCheckpoint {
  if (note.length > MAX_CHECKPOINT_BYTES) throw malformed('length');
  const [text, lines, ...more] = textOf(note).split('\n\n');
  if (text === undefined || lines === undefined || more.length > 0 || !lines.endsWith('\n')) throw malformed('note');
  const [origin, size, root, ...extensions] = text.split('\n');
  if (origin === undefined || size === undefined || root === undefined || extensions.length > 0)
    throw malformed('text');
  const signatures = lines.slice(0, -1).split('\n').map(parseSignature);
  if (signatures.length > MAX_CHECKPOINT_SIGNATURES) throw malformed('number of signatures');
  const extent = { size: parseSize(size), root: parseBase64(root) };
  if (extent.root.length !== 32) throw malformed('root');
  return { ...parseOrigin(origin), ...extent, note: Uint8Array.from(note), text: `${text}\n`, signatures };
}

/**
 * Verifies that one of the domain's head keys signed the checkpoint; signatures of others, witnesses say, are left alone.
 * Throws `checkpoint-invalid`.
 */
export async function verifyCheckpoint(
  primitives: Primitives,
  headKeys: readonly Uint8Array[],
  { checkpoint, domain }: { readonly checkpoint: UnverifiedCheckpoint; readonly domain: string },
): Promise<Checkpoint> {
  const { text, signatures, ...fields } = checkpoint;
  const origin = originOf(fields);
  if (fields.domain !== domain) throw invalid('a checkpoint of another log');
  for (const key of headKeys) {
    const keyId = keyIdOf(origin, key);
    const own = signatures.filter(({ name, bytes }) => name === origin && equal(bytes.subarray(0, 4), keyId));
    for (const { bytes } of own) {
      if (await primitives.ed25519.verify(key, signedBytes(text), bytes.subarray(4))) return fields as Checkpoint;
    }
  }
  throw invalid('a checkpoint that the cluster did not sign');
}

/** The name of a log, the first line of its checkpoints. */
export function originOf({ domain, incarnation }: LogName): string {
  return `${domain}/sotto/transparency/${incarnation}`;
}

function parseOrigin(origin: string): LogName {
  const [, domain, incarnation] =
    /^([a-z0-9.:[\]-]{1,300})\/sotto\/transparency\/([1-9][0-9]{0,14})$/.exec(origin) ?? [];
  if (domain === undefined) throw malformed('origin');
  return { domain, incarnation: Number(incarnation) };
}

function parseSize(text: string): number {
  const size = /^[1-9][0-9]{0,9}$/.test(text) ? Number(text) : 0;
  if (size < 1 || size > MAX_LOG_SIZE) throw malformed('size');
  return size;
}

function parseSignature(line: string): NoteSignature {
  const [, name, signature] = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? [];
  if (name === undefined || signature === undefined) throw malformed('signature line');
  const bytes = parseBase64(signature);
  if (bytes.length < 5) throw malformed('signature');
  return { name, bytes };
}

/** First 4 bytes of SHA-256 of name | 0x0a | 0xff | tag | public key: a type of signature of our own (C2SP signed-note). */
function keyIdOf(name: string, publicKey: Uint8Array): Uint8Array {
  return sha256(utf8(`${name}\n`), Uint8Array.of(0xff), utf8(TAG), publicKey).subarray(0, 4);
}

function signedBytes(text: string): Uint8Array {
  return taggedMessage(TAG, utf8(text));
}

function textOf(note: Uint8Array): string {
  try {
    return parseUtf8(note);
  } catch (cause) {
    throw malformed('text', cause);
  }
}

/** Base64 with padding (RFC 4648 section 4), as the notes of C2SP have it. */
function base64(bytes: Uint8Array): string {
  const text = base64url(bytes).replaceAll('-', '+').replaceAll('_', '/');
  return text + '='.repeat((4 - (text.length % 4)) % 4);
}

function parseBase64(text: string): Uint8Array {
  try {
    const bytes = parseBase64url(text.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_'));
    if (base64(bytes) === text) return bytes;
  } catch (cause) {
    throw malformed('base64', cause);
  }
  throw malformed('base64');
}

function malformed(what: string, cause?: unknown): TransparencyWireFault {
  return new TransparencyWireFault('checkpoint-malformed', `malformed checkpoint: ${what}`, { cause });
}

function invalid(message: string): TransparencyPeerFault {
  return new TransparencyPeerFault('checkpoint-invalid', message);
}

const TAG = 'sotto/checkpoint/v1';
