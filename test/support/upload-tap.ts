import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * Stands between clients and a web listener, forwards everything, and looks at the bytes of uploads: bytes that stand
 * at one place of one upload are one ciphertext under one key and nonce, so a second one there is a nonce used twice.
 */
export class UploadTap implements AsyncDisposable {
  /** Bytes of each direction so far. */
  readonly moved = { up: 0, down: 0 };
  /** Places of uploads at which different bytes were seen. */
  readonly contradictions: string[] = [];
  /** Places that were sent more than once, with the same bytes. */
  repeated = 0;
  readonly uploads = new Set<string>();
  readonly #blocks = new Map<string, string>();
  readonly #target: URL;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #waiting: { readonly direction: 'up' | 'down'; readonly at: number; reached(): void }[] = [];

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async start(target: string): Promise<UploadTap> {
    const tap = new UploadTap(target);
    tap.#server.listen(0, '127.0.0.1');
    await once(tap.#server, 'listening');
    return tap;
  }

  through(invitation: string): string {
    const origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return invitation.replace(new URL(invitation).origin, origin);
  }

  /** Resolves when so many bytes more have gone in a direction. */
  after(direction: 'up' | 'down', bytes: number): Promise<void> {
    return new Promise((reached) => this.#waiting.push({ direction, at: this.moved[direction] + bytes, reached }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(client: Socket): void {
    const server = connect(Number(this.#target.port), this.#target.hostname);
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      // Either side may be killed at any time.
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    const reader = new RequestReader((upload, offset, bytes) => this.#look(upload, offset, bytes));
    client.on('data', (bytes: Buffer) => {
      this.#count('up', bytes.length);
      reader.take(bytes);
      if (!server.write(bytes)) client.pause();
    });
    server.on('drain', () => client.resume());
    server.on('data', (bytes: Buffer) => {
      this.#count('down', bytes.length);
      if (!client.write(bytes)) server.pause();
    });
    client.on('drain', () => server.resume());
  }

  #count(direction: 'up' | 'down', bytes: number): void {
    this.moved[direction] += bytes;
    const isOver = (each: { direction: string; at: number }) =>
      each.direction === direction && this.moved[direction] >= each.at;
    for (const { reached } of this.#waiting.filter(isOver)) reached();
    this.#waiting = this.#waiting.filter((each) => !isOver(each));
  }

  #look(upload: string, offset: number, block: Buffer): void {
    this.uploads.add(upload);
    const place = `${upload}@${offset}`;
    const hash = createHash('sha256').update(block).digest('base64');
    const known = this.#blocks.get(place);
    if (known === hash) this.repeated += 1;
    else if (known !== undefined) this.contradictions.push(place);
    this.#blocks.set(place, hash);
  }
}

type Look = (upload: string, offset: number, block: Buffer) => void;

/** Reads the requests of one connection and shows the bodies of PATCH in blocks that stand at multiples of their size. */
class RequestReader {
  readonly #look: Look;
  #head = Buffer.alloc(0);
  #body: RequestBody | null = null;
  #isOver = false;

  constructor(look: Look) {
    this.#look = look;
  }

  take(bytes: Buffer): void {
    for (let rest = bytes; rest.length > 0 && !this.#isOver; ) {
      rest = this.#body === null ? this.#takeHead(rest) : this.#takeBody(this.#body, rest);
    }
  }

  #takeHead(bytes: Buffer): Buffer {
    this.#head = Buffer.concat([this.#head, bytes]);
    const end = this.#head.indexOf('\r\n\r\n');
    if (end < 0) return Buffer.alloc(0);
    const head = this.#head.subarray(0, end).toString('latin1');
    const rest = this.#head.subarray(end + 4);
    this.#head = Buffer.alloc(0);
    if (/^upgrade:/im.test(head)) this.#isOver = true;
    const [, upload = null] = /^PATCH \/v1\/uploads\/([0-9a-f]{32}) /.exec(head) ?? [];
    const left = Number(/^content-length: ([0-9]+)$/im.exec(head)?.[1] ?? 0);
    const offset = Number(/^upload-offset: ([0-9]+)$/im.exec(head)?.[1] ?? 0);
    this.#body = left === 0 ? null : { upload, offset, left, block: Buffer.alloc(0) };
    return rest;
  }

  #takeBody(body: RequestBody, bytes: Buffer): Buffer {
    const mine = bytes.subarray(0, body.left);
    body.left -= mine.length;
    if (body.upload !== null) this.#show(body.upload, body, mine);
    if (body.left === 0) this.#body = null;
    return bytes.subarray(mine.length);
  }

  /** What does not begin or end at a multiple is not looked at: the next request shows it whole. */
  #show(upload: string, body: RequestBody, bytes: Buffer): void {
    body.block = Buffer.concat([body.block, bytes]);
    const skip = (BLOCK_BYTES - (body.offset % BLOCK_BYTES)) % BLOCK_BYTES;
    if (skip > 0 && body.block.length >= skip) {
      body.block = body.block.subarray(skip);
      body.offset += skip;
    }
    while (body.offset % BLOCK_BYTES === 0 && body.block.length >= BLOCK_BYTES) {
      this.#look(upload, body.offset, body.block.subarray(0, BLOCK_BYTES));
      body.block = body.block.subarray(BLOCK_BYTES);
      body.offset += BLOCK_BYTES;
    }
  }
}

interface RequestBody {
  /** Null for requests that are no part of an upload. */
  readonly upload: string | null;
  offset: number;
  left: number;
  block: Buffer;
}

const BLOCK_BYTES = 16 * 1024;
