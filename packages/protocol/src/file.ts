import { type CborValue, encodeCbor } from '@sotto/bytes';
import {
  type Secret,
  STREAM_CHUNK_BYTES,
  STREAM_HEAD_BYTES,
  STREAM_TAG_BYTES,
  type StreamKey,
  sha256,
} from '@sotto/crypto';
import { z } from 'zod/mini';
import { boundedBytes, boundedText, fixedBytes, hash32 } from './format.ts';
import { MAX_FILE_BYTES, MAX_VOICE_MILLISECONDS, MIN_PADDED_BYTES } from './limits.ts';
import { padme } from './padding.ts';

/** What a file record says: one version of a file, and the blob that holds it. */
export interface FileContent {
  /** As its author wrote it; not checked. `safeFileName` makes it fit to show. */
  readonly name: string;
  /** Reserved for folders. */
  readonly parent: Uint8Array | null;
  readonly sizeBytes: number;
  /** As its author says; may be empty. */
  readonly mediaType: string;
  /** SHA-256 of the content. */
  readonly contentHash: Uint8Array;
  readonly blob: {
    /** SHA-256 of the sealed bytes: its address. */
    readonly hash: Uint8Array;
    readonly sizeBytes: number;
    /** 32 bytes. */
    readonly key: Uint8Array;
    readonly chunkBytes: number;
  };
  /** From 1. */
  readonly version: number;
  /** The file record that this one is the next version of; null in version 1. */
  readonly replaces: Uint8Array | null;
  /** Missing unless the file was recorded to be heard at once. */
  readonly voice?: VoiceNote | undefined;
}

/** What a client shows of a voice note before it is fetched: as its author says. */
export interface VoiceNote {
  readonly durationMilliseconds: number;
  /** How loud it is, from the beginning to the end: 0 to 255 each. */
  readonly waveform: Uint8Array;
}

const voiceNote: z.ZodMiniType<VoiceNote> = z.strictObject({
  durationMilliseconds: z.int().check(z.positive(), z.maximum(MAX_VOICE_MILLISECONDS)),
  waveform: boundedBytes(128, 1),
});

export const fileContent: z.ZodMiniType<FileContent> = z
  .strictObject({
    name: boundedText(1024, 1),
    parent: z.nullable(fixedBytes(16)),
    sizeBytes: z.int().check(z.nonnegative(), z.maximum(MAX_FILE_BYTES)),
    mediaType: boundedText(127),
    contentHash: hash32,
    blob: z.strictObject({
      hash: hash32,
      sizeBytes: z.int().check(z.positive()),
      key: fixedBytes(32),
      chunkBytes: z.literal(STREAM_CHUNK_BYTES),
    }),
    version: z.int().check(z.positive()),
    replaces: z.nullable(fixedBytes(16)),
    voice: z.optional(voiceNote),
  })
  .check(
    z.refine(({ sizeBytes, blob }) => blob.sizeBytes === blobBytes(sizeBytes)),
    z.refine(({ version, replaces }) => (version === 1) === (replaces === null)),
  );

/** Bytes that are sealed for a content of this length: padded by Padmé, at least 256. */
export function paddedFileBytes(sizeBytes: number): number {
  return Math.max(MIN_PADDED_BYTES, padme(sizeBytes));
}

/** Bytes of the blob of a content of this length. */
export function blobBytes(sizeBytes: number): number {
  const padded = paddedFileBytes(sizeBytes);
  return STREAM_HEAD_BYTES + padded + STREAM_TAG_BYTES * Math.ceil(padded / STREAM_CHUNK_BYTES);
}

/** What a blob is sealed under; it opens for this record of this room alone. */
export function fileStreamKey(
  fileKey: Secret,
  { room, record, sizeBytes }: { readonly room: Uint8Array; readonly record: Uint8Array; readonly sizeBytes: number },
): StreamKey {
  const header: CborValue = { v: 1, room, record, paddedBytes: paddedFileBytes(sizeBytes) };
  return {
    fileKey,
    headerHash: sha256(encodeCbor(header)),
    purpose: 'sotto/file/v1',
    chunkBytes: STREAM_CHUNK_BYTES,
  };
}
