import { type CborValue, parseHex } from '@sotto/bytes';
import type { Session } from '@sotto/keybox';
import { nodePlatform } from '@sotto/keybox-node';
import { parseCertificate, verifyAuthority, verifyCertificate } from '@sotto/pki';
import { type ClientChannel, connectChannel, request, type ServerEvent, serverMessage } from '@sotto/protocol';
import type { FirstLine } from '../../test/support/home-server.ts';

/**
 * A device on the wire: the whole channel, and of a client's work only what a load needs, so that a machine that it
 * shares with the server is the server's. Answers are decoded and not judged.
 */
export class DeviceChannel {
  readonly #channel: ClientChannel;
  readonly #waiting = new Map<number, (output: CborValue) => void>();
  #nextId = 0;
  onEvent: (event: ServerEvent) => void = () => undefined;

  private constructor(channel: ClientChannel) {
    this.#channel = channel;
    channel.onMessage((data) => this.#take(data));
    channel.onClose((fault) => {
      if (this.#waiting.size > 0) throw fault ?? new Error('the server closed');
    });
  }

  static async open({ url, domain, caFingerprint }: FirstLine, { identity }: Pick<Session, 'identity'>) {
    const { primitives, transport } = await nodePlatform();
    const fingerprint = parseHex(caFingerprint);
    const socket = await transport.connect({ origin: url, caFingerprint: fingerprint });
    const { fingerprint: account, deviceId: device, kem, suite } = identity;
    const channel = await connectChannel(socket, {
      primitives,
      domain,
      kem: 'x-wing',
      login: { mode: 'device', account, device, kem: suite.kem, secretKey: kem.secretKey },
      clock: performance,
      timer: {
        after(milliseconds, expire) {
          const timeout = setTimeout(expire, milliseconds);
          return () => clearTimeout(timeout);
        },
      },
      async verifyCertificates([certificate, authority]) {
        const ca = await verifyAuthority(authority, { primitives, fingerprint });
        const options = { primitives, ca, profile: 'channel', atMs: Date.now() } as const;
        return (await verifyCertificate(parseCertificate(certificate), options)).key.key;
      },
    });
    return new DeviceChannel(channel);
  }

  call(operation: string, input: CborValue): Promise<CborValue> {
    const id = this.#nextId++;
    const { promise, resolve } = Promise.withResolvers<CborValue>();
    this.#waiting.set(id, resolve);
    this.#channel.send(request.encode({ id, operation, input }));
    return promise;
  }

  close(): void {
    this.#channel.close();
  }

  #take(data: Uint8Array): void {
    const message = serverMessage.parse(data);
    if (message.type === 'fault') throw new Error(`the server refused: ${message.code}`);
    if (message.type === 'event') this.onEvent(message.event);
    else {
      this.#waiting.get(message.id)?.(message.output);
      this.#waiting.delete(message.id);
    }
  }
}
