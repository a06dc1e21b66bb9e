import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import type { Lane } from './closed-loop.ts';

/** As much of an XMPP client as a load needs: it signs in, sends messages, and sees where others end. */
export class XmppClient {
  readonly #socket: TLSSocket;
  #text = '';
  #wake: () => void = () => undefined;
  onMessage: ((stanza: string) => void) | null = null;

  private constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.setNoDelay(true);
    socket.on('data', (text: string) => this.#take(text));
  }

  static async open(port: number): Promise<XmppClient> {
    const options = { port, host: '127.0.0.1', servername: 'localhost', ALPNProtocols: ['xmpp-client'] };
    const socket = connect({ ...options, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    return new XmppClient(socket);
  }

  static async connect(port: number, user: string): Promise<XmppClient> {
    const client = await XmppClient.open(port);
    const login = Buffer.from(`\0${user}\0secret`).toString('base64');
    await client.#say(OPENING, '</stream:features>');
    await client.#say(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${login}</auth>`, '<success');
    await client.#say(OPENING, '</stream:features>');
    await client.#say(`<iq type='set' id='bind'><bind xmlns='${BIND}'><resource>r</resource></bind></iq>`, '</iq>');
    await client.#say('<presence/>', '<presence');
    return client;
  }

  write(stanza: string): void {
    this.#socket.write(stanza);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  async #say(stanza: string, answer: string): Promise<void> {
    this.#text = '';
    this.write(stanza);
    while (!this.#text.includes(answer)) {
      if (/<failure|stream:error/.test(this.#text)) throw new Error(`refused: ${this.#text}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #take(text: string): void {
    this.#text += text;
    const { onMessage } = this;
    if (onMessage === null) {
      this.#wake();
      return;
    }
    for (let end = this.#text.indexOf(END); end >= 0; end = this.#text.indexOf(END)) {
      onMessage(this.#text.slice(0, end));
      this.#text = this.#text.slice(end + END.length);
    }
  }
}

/** A pair of XMPP accounts. */
export class MessageLane implements Lane {
  readonly #writer: XmppClient;
  readonly #to: string;
  #sent = 0;
  #received = 0;
  delivered: () => void = () => undefined;

  constructor(writer: XmppClient, reader: XmppClient, to: string) {
    this.#writer = writer;
    this.#to = to;
    reader.onMessage = (stanza) => {
      const id = /\bid='([0-9]+)'/.exec(stanza.slice(0, 300))?.[1];
      if (id !== String(this.#received)) throw new Error(`not the next message: ${stanza.slice(0, 300)}`);
      this.#received += 1;
      this.delivered();
    };
  }

  send(count: number): void {
    for (let i = 0; i < count; i++) {
      this.#writer.write(`<message to='${this.#to}' type='chat' id='${this.#sent++}'><body>${TEXT}</body></message>`);
    }
  }
}

const OPENING =
  "<?xml version='1.0'?><stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";
const BIND = 'urn:ietf:params:xml:ns:xmpp-bind';
const END = '</message>';
const TEXT = 'A text of one kibibyte, as long as what people write at most. '.repeat(20).slice(0, 1024);
