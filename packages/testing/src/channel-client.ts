import { BugFault, type CborValue, parseHex } from '@sotto/bytes';
import { nodePrimitives } from '@sotto/crypto/node';
import { parseCertificate, verifyAuthority, verifyCertificate } from '@sotto/pki';
import {
  type ClientChannel,
  type ClientLogin,
  connectChannel,
  type FrameSocket,
  type KemName,
  type OperationInput,
  type OperationName,
  type OperationOutput,
  type Operations,
  operations,
  ProtocolUsageFault,
  request,
  type ServerEvent,
  type ServerMessage,
  serverMessage,
} from '@sotto/protocol';

/** What a client has to know of a server; `RunningServer` says it. */
export interface ChannelTarget {
  readonly url: string;
  readonly domain: string;
  /** Hexadecimal. */
  readonly caFingerprint: string;
}

export interface ChannelClientOptions {
  readonly login?: ClientLogin;
  readonly kem?: KemName;
  /** When the server's certificate is judged, milliseconds since the epoch; now unless said otherwise. */
  readonly atMs?: number;
  /** Made by another WebSocket library, or on the native listener. */
  readonly socket?: SocketLike;
}

/** The part of the WebSocket interface that Node's own, browsers' and the `ws` package's have in common. */
export interface SocketLike {
  binaryType: string;
  readonly readyState: number;
  send(data: Uint8Array): void;
  close(): void;
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
}

/** A client of one channel: typed calls, raw ones, and the events that came. */
export interface TestClient {
  readonly channel: ClientChannel;
  readonly events: readonly ServerEvent[];
  /** Throws a fault with the server's code. */
  call<Name extends OperationName>(
    name: Name,
    input: OperationInput<Operations[Name]>,
  ): Promise<OperationOutput<Operations[Name]>>;
  /** Sends whatever it is given as a request and gives the answer as it came. */
  ask(operation: string, input: CborValue): Promise<ServerMessage>;
  /** Bytes that need be no request. */
  sendRaw(data: Uint8Array): void;
  /** The next message that answers no request of ours. */
  nextMessage(): Promise<ServerMessage>;
  /** The code of the fault that ended the channel, null for an orderly end. */
  readonly closed: Promise<string | null>;
  close(): Promise<void>;
}

/** Opens a channel, anonymous unless `login` says otherwise. Throws the faults of `connectChannel`. */
export async function openChannel(target: ChannelTarget, options: ChannelClientOptions = {}): Promise<TestClient> {
  const socket = options.socket ?? new WebSocket(`${target.url.replace('http', 'ws')}/v1/channel`);
  const channel = await connectChannel(await frameSocket(socket as SocketLike), {
    primitives,
    domain: target.domain,
    kem: options.kem ?? 'x-wing',
    login: options.login ?? { mode: 'anonymous' },
    clock: { now: () => performance.now() },
    timer: {
      after(milliseconds, expire) {
        const timer = setTimeout(expire, milliseconds);
        return () => clearTimeout(timer);
      },
    },
    verifyCertificates: (certificates) => channelKeyOf(target, certificates, options.atMs ?? Date.now()),
  });
  return new ChannelTestClient(channel);
}

/** Makes a carrier of a WebSocket; resolves when it is open. Throws `not-found` when it does not open. */
export async function frameSocket(socket: SocketLike): Promise<FrameSocket> {
  socket.binaryType = 'arraybuffer';
  const early: Uint8Array[] = [];
  let deliver = (bytes: Uint8Array): void => void early.push(bytes);
  socket.addEventListener('message', ({ data }) => deliver(new Uint8Array(data as ArrayBuffer)));
  const opened = Promise.withResolvers<void>();
  socket.addEventListener('open', () => opened.resolve());
  socket.addEventListener('error', () => opened.reject(new ProtocolUsageFault('not-found', 'no WebSocket here')));
  await opened.promise;
  return {
    send: (bytes) => {
      if (socket.readyState === OPEN) socket.send(bytes);
    },
    onMessage(receive) {
      for (const bytes of early.splice(0)) receive(bytes);
      deliver = receive;
    },
    onClose: (closed) => socket.addEventListener('close', closed),
    close: () => socket.close(),
  };
}

class ChannelTestClient implements TestClient {
  readonly channel: ClientChannel;
  readonly events: ServerEvent[] = [];
  readonly closed: Promise<string | null>;
  readonly #calls = new Map<number, PromiseWithResolvers<ServerMessage>>();
  readonly #unasked: ServerMessage[] = [];
  #listener: PromiseWithResolvers<ServerMessage> | null = null;
  #nextId = 0;

  constructor(channel: ClientChannel) {
    this.channel = channel;
    const ended = Promise.withResolvers<string | null>();
    this.closed = ended.promise;
    channel.onMessage((data) => this.#receive(serverMessage.parse(data)));
    channel.onClose((fault) => {
      for (const { reject } of this.#calls.values()) reject(new ProtocolUsageFault('not-found', 'the channel ended'));
      ended.resolve(fault?.code ?? null);
    });
  }

  async call<Name extends OperationName>(
    name: Name,
    input: OperationInput<Operations[Name]>,
  ): Promise<OperationOutput<Operations[Name]>> {
    const answer = await this.ask(name, input as CborValue);
    if (answer.type === 'fault')
      throw new ProtocolUsageFault(answer.code as never, answer.message, { detail: answer.detail });
    if (answer.type !== 'output') throw new BugFault('an event answers nothing');
    return operations[name].output.parse(answer.output) as OperationOutput<Operations[Name]>;
  }

  ask(operation: string, input: CborValue): Promise<ServerMessage> {
    const id = this.#nextId++;
    const answer = Promise.withResolvers<ServerMessage>();
    this.#calls.set(id, answer);
    this.channel.send(request.encode({ id, operation, input }));
    return answer.promise;
  }

  sendRaw(data: Uint8Array): void {
    this.channel.send(data);
  }

  nextMessage(): Promise<ServerMessage> {
    const waiting = this.#unasked.shift();
    if (waiting !== undefined) return Promise.resolve(waiting);
    this.#listener ??= Promise.withResolvers();
    return this.#listener.promise;
  }

  async close(): Promise<void> {
    this.channel.close();
    await this.closed;
  }

  #receive(message: ServerMessage): void {
    if (message.type === 'event') this.events.push(message.event);
    const call = message.type === 'event' ? undefined : this.#calls.get(message.id);
    if (call !== undefined && message.type !== 'event') {
      this.#calls.delete(message.id);
      call.resolve(message);
    } else if (this.#listener !== null) {
      this.#listener.resolve(message);
      this.#listener = null;
    } else this.#unasked.push(message);
  }
}

async function channelKeyOf(
  { domain, caFingerprint }: ChannelTarget,
  [channel, authority]: readonly [Uint8Array, Uint8Array],
  atMs: number,
): Promise<Uint8Array> {
  const ca = await verifyAuthority(authority, { primitives, fingerprint: parseHex(caFingerprint) });
  if (ca.domain !== domain) throw new ProtocolUsageFault('not-found', 'the CA of another domain');
  const certificate = parseCertificate(channel);
  const { key } = await verifyCertificate(certificate, { primitives, ca, profile: 'channel', atMs });
  return key.key;
}

const OPEN = 1;
const primitives = nodePrimitives();
