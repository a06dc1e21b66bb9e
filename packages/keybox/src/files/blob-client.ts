import { base64url, Fault, hex, parseUtf8 } from '@sotto/bytes';
import { ProtocolPolicyFault, type ProtocolUsageFault } from '@sotto/protocol';
import { KeyboxPeerFault, KeyboxUsageFault } from '../fault.ts';
import type { HttpResponse } from '../ports.ts';
import type { Session } from '../session.ts';

/** What a server says of a request that it did not fulfil. */
export type Refused = 'not-found' | 'offset';

/** Bytes of one upload at the home server: docs/spec/file.md. */
export class UploadLink {
  readonly upload: Uint8Array;
  readonly #session: Session;
  #capability: Uint8Array;

  private constructor(session: Session, upload: Uint8Array, capability: Uint8Array) {
    this.#session = session;
    this.upload = upload;
    this.#capability = capability;
  }

  /** Throws `quota-exceeded`, `disk-full`, `blob-store-gone`, `unreachable`. */
  static async create(session: Session, room: Uint8Array, sizeBytes: number): Promise<UploadLink> {
    const { upload, capability } = await session.link.call('blobs.create', { room, sizeBytes });
    return new UploadLink(session, upload, capability);
  }

  /** Null if the server has it no more. */
  static async resume(session: Session, upload: Uint8Array): Promise<UploadLink | null> {
    const granted = await session.link.call('blobs.resume', { upload }).catch(absent);
    return granted === null ? null : new UploadLink(session, upload, granted.capability);
  }

  /** Bytes that the server has. */
  async offset(signal: AbortSignal | undefined): Promise<number | Refused> {
    return this.#offsetIn(await this.#request('HEAD', {}, { body: null, signal }), 200);
  }

  /** Appends at `offset`; the bytes that the server has now. */
  async append(
    offset: number,
    { body, signal }: { readonly body: readonly Uint8Array[]; readonly signal: AbortSignal | undefined },
  ): Promise<number | Refused> {
    const headers = { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) };
    return this.#offsetIn(await this.#request('PATCH', headers, { body, signal }), 204);
  }

  async #request(
    method: 'HEAD' | 'PATCH',
    headers: Readonly<Record<string, string>>,
    { body, signal }: { readonly body: readonly Uint8Array[] | null; readonly signal: AbortSignal | undefined },
  ): Promise<HttpResponse> {
    return this.#session.blobs.request({
      method,
      path: `/v1/uploads/${hex(this.upload)}`,
      headers: { ...headers, ...bearer(this.#capability), 'tus-resumable': '1.0.0' },
      body,
      signal,
    });
  }

  async #offsetIn(response: HttpResponse, success: number): Promise<number | Refused> {
    if (response.status !== success) return refusal(response);
    await drain(response);
    const offset = response.headers['upload-offset'] ?? '';
    if (!/^[0-9]{1,15}$/.test(offset)) throw malformed('the server says no offset');
    return Number(offset);
  }
}

/** Asks for a blob from a byte on. Throws `blob-withheld`, `unreachable`. */
export async function openBlob(
  session: Session,
  { room, hash, sizeBytes }: { readonly room: Uint8Array; readonly hash: Uint8Array; readonly sizeBytes: number },
  { from, signal }: { readonly from: number; readonly signal: AbortSignal | undefined },
): Promise<AsyncIterable<Uint8Array>> {
  const granted = await session.link.call('blobs.read', { room, hash }).catch(absent);
  if (granted === null) throw withheld();
  if (granted.sizeBytes !== sizeBytes) throw new KeyboxPeerFault('file-damaged', 'a blob of another size');
  const response = await session.blobs.request({
    method: 'GET',
    path: `/v1/blobs/${hex(hash)}`,
    headers: { ...bearer(granted.capability), range: `bytes=${from}-` },
    body: null,
    signal,
  });
  if (response.status === 206 && response.headers['content-range'] === `bytes ${from}-${sizeBytes - 1}/${sizeBytes}`) {
    return response.body;
  }
  if (response.status === 206 || response.status === 200) {
    await leave(response);
    throw new KeyboxPeerFault('file-damaged', 'other bytes of the blob than were asked for');
  }
  await refusal(response);
  throw withheld();
}

function bearer(capability: Uint8Array): { readonly authorization: string } {
  return { authorization: `Bearer ${base64url(capability)}` };
}

function absent(cause: unknown): null {
  if (cause instanceof Fault && cause.code === ('not-found' satisfies ProtocolUsageFault['code'])) return null;
  throw cause;
}

/** What a problem stands for. Throws what is no matter of this one request. */
async function refusal(response: HttpResponse): Promise<Refused> {
  const code = await problemCode(response);
  if (response.status === 404) return 'not-found';
  if (response.status === 409) return 'offset';
  if (code === 'disk-full') throw new ProtocolPolicyFault('disk-full', 'the server cannot store more');
  if (code === 'blob-store-gone') throw new ProtocolPolicyFault('blob-store-gone', 'the server cannot reach its blobs');
  if (response.status === 408 || response.status >= 500) {
    throw new KeyboxUsageFault('unreachable', 'the server did not take the request: try again later');
  }
  throw malformed(`the server answers ${response.status}`);
}

async function problemCode(response: HttpResponse): Promise<string> {
  const text = await drain(response);
  try {
    const problem: unknown = JSON.parse(parseUtf8(text));
    return typeof problem === 'object' && problem !== null && 'code' in problem ? String(problem.code) : '';
  } catch {
    // A proxy's own page, or nothing at all: the status says enough.
    return '';
  }
}

/** The body of a short answer. */
async function drain({ body }: HttpResponse): Promise<Uint8Array> {
  const kept = new Uint8Array(MAX_PROBLEM_BYTES);
  let length = 0;
  for await (const piece of body) {
    if (length + piece.length > MAX_PROBLEM_BYTES) break;
    kept.set(piece, length);
    length += piece.length;
  }
  return kept.subarray(0, length);
}

async function leave({ body }: HttpResponse): Promise<void> {
  await body[Symbol.asyncIterator]().return?.();
}

function withheld(): KeyboxPeerFault {
  return new KeyboxPeerFault('blob-withheld', 'the server does not give the content of this file');
}

function malformed(what: string): KeyboxPeerFault {
  return new KeyboxPeerFault('answer-malformed', what);
}

const MAX_PROBLEM_BYTES = 4096;
