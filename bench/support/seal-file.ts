import { type FileHandle, open } from 'node:fs/promises';
import { release } from '@sotto/bytes';
import {
  createStreamChunks,
  restoreStreamChunks,
  Secret,
  STREAM_CHUNK_BYTES,
  STREAM_HEAD_BYTES,
  STREAM_TAG_BYTES,
} from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';

/** Seals or opens a file, as the content of a file message is: `seal|open FROM TO`. Prints the peak of its memory in KiB. */
async function main([direction, from = '', to = '']: readonly string[]): Promise<void> {
  await using source = await open(from);
  await using target = await open(to, 'w');
  const { size: sizeBytes } = await source.stat();
  const primitives = nodePrimitives();
  using fileKey = new Secret(new Uint8Array(32).fill(7));
  const streamKey = { fileKey, headerHash: new Uint8Array(32), purpose: 'bench', chunkBytes: STREAM_CHUNK_BYTES };
  const isSealing = direction === 'seal';
  const head = isSealing ? null : await readAt(source, 0, STREAM_HEAD_BYTES);
  using chunks =
    head === null ? createStreamChunks(primitives, streamKey) : restoreStreamChunks(primitives, streamKey, head);
  const start = isSealing ? 0 : STREAM_HEAD_BYTES;
  const piece = isSealing ? STREAM_CHUNK_BYTES : STREAM_CHUNK_BYTES + STREAM_TAG_BYTES;
  const count = Math.max(1, Math.ceil((sizeBytes - start) / piece));
  const read = (n: number): Promise<Uint8Array> => {
    const at = start + n * piece;
    return readAt(source, at, Math.min(piece, sizeBytes - at));
  };
  let written: Promise<unknown> = isSealing ? target.write(chunks.head) : Promise.resolve();
  let next = read(0);
  for (let counter = 0; counter < count; counter++) {
    const bytes = await next;
    const last = counter === count - 1;
    if (!last) next = read(counter + 1);
    const made = await (isSealing ? chunks.seal({ counter, last }, bytes) : chunks.open({ counter, last }, bytes));
    release(bytes);
    await written;
    written = target.write(made).then(() => release(made));
  }
  await written;
  console.log(process.resourceUsage().maxRSS);
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await file.read(bytes, 0, length, offset);
  if (bytesRead !== length) throw new Error('the file has changed');
  return bytes;
}

await main(process.argv.slice(2));
