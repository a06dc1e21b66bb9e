import { Secret, STREAM_CHUNK_BYTES, sealStream } from '@sotto/crypto';
import { webPrimitives } from '@sotto/crypto/web';

/** Seals as many MiB as it is told as the content of a file is sealed, and answers with the milliseconds. */
addEventListener('message', async ({ data: chunks }: MessageEvent<number>) => {
  const [fileKey, headerHash] = [new Secret(new Uint8Array(32).fill(1)), new Uint8Array(32)];
  const streamKey = { fileKey, headerHash, purpose: 'sotto/bench/v1', chunkBytes: STREAM_CHUNK_BYTES };
  const begun = performance.now();
  let sealed = 0;
  for await (const { length } of sealStream(webPrimitives(), streamKey, content(chunks))) sealed += length;
  postMessage({ milliseconds: performance.now() - begun, sealed });
});

async function* content(chunks: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < chunks; i++) yield new Uint8Array(STREAM_CHUNK_BYTES).fill(i);
}
