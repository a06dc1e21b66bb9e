import type { FileHandle } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';

/**
 * Sends a part of a file as a body and ends it, through one buffer however long it is. Returns the bytes that went,
 * fewer if the receiver hung up or the file is shorter.
 */
export async function sendFile(
  file: FileHandle,
  response: ServerResponse,
  { start, end }: { readonly start: number; readonly end: number },
): Promise<number> {
  const buffer = new Uint8Array(BUFFER_BYTES);
  let at = start;
  while (at <= end && !response.destroyed) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, end + 1 - at), at);
    if (bytesRead === 0 || !(await written(response, buffer.subarray(0, bytesRead)))) break;
    at += bytesRead;
  }
  if (at <= end) response.destroy();
  else response.end();
  return at - start;
}

/** Resolves once the bytes have left and the buffer is free; false if they never will. */
function written(response: ServerResponse, bytes: Uint8Array): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const gone = (): void => resolve(false);
  response.once('close', gone);
  response.write(bytes, (error) => {
    response.removeListener('close', gone);
    resolve(error == null);
  });
  return promise;
}

const BUFFER_BYTES = 256 * 1024;
