import { MAX_TRANSACTIONS } from '../limits.ts';
import type { Message } from '../syntax/message.ts';
import { parameterOf } from '../syntax/parameter.ts';
import type { RequestLine, StatusLine } from '../syntax/start-line.ts';
import { encodeUri } from '../syntax/uri.ts';
import { encodeVia } from '../syntax/via.ts';
import { Client } from '../transactions/client.ts';
import { InviteClient } from '../transactions/invite-client.ts';
import { InviteServer } from '../transactions/invite-server.ts';
import { Server } from '../transactions/server.ts';
import type { Step } from '../transactions/step.ts';
import type { Hop } from './event.ts';
import { MAGIC, type OwnRequest } from './identity.ts';
import { tagOf } from './response.ts';

/** Who asked for something, and is told what came of it. */
export interface Asker {
  answered(response: Message<StatusLine>, source: Hop, now: number): void;
  timedOut(now: number): void;
}

interface Sent {
  readonly request: OwnRequest;
  readonly hop: Hop;
  readonly asker: Asker;
  /** Makes the ACK of a response that is no success. */
  readonly acknowledge: (response: Message) => Uint8Array<ArrayBuffer>;
}

type Outgoing = Sent & ({ kind: 'invite'; transaction: InviteClient } | { kind: 'other'; transaction: Client });

/** What is told of an INVITE that was taken. */
export interface Answerer {
  acknowledged(now: number): void;
  unacknowledged(now: number): void;
}

interface Owner {
  readonly hop: Hop;
  readonly callId: string;
  readonly fromTag: string | null;
  readonly sequence: number;
}

type Served = Owner &
  ({ kind: 'invite'; transaction: InviteServer; answerer: Answerer } | { kind: 'other'; transaction: Server });

/** All transactions of an agent (RFC 3261 section 17), and which message belongs to which. */
export class Exchange {
  readonly #clients = new Map<string, Outgoing>();
  readonly #servers = new Map<string, Served>();
  readonly #send: (hop: Hop, bytes: Uint8Array<ArrayBuffer>) => void;

  constructor(send: (hop: Hop, bytes: Uint8Array<ArrayBuffer>) => void) {
    this.#send = send;
  }

  get isFull(): boolean {
    return this.#servers.size >= MAX_TRANSACTIONS;
  }

  /** Whether a request of ours has no final answer yet. */
  get isAsking(): boolean {
    return [...this.#clients.values()].some(({ transaction }) => transaction.isAsking);
  }

  /** Sends a request that wants an answer. */
  ask(method: string, sent: Sent, now: number): void {
    const { request, hop } = sent;
    const sending = { bytes: request.bytes, isReliable: hop.transport === 'TCP', now };
    const key = `${request.branch} ${method}`;
    if (method === 'INVITE')
      this.#clients.set(key, { ...sent, kind: 'invite', transaction: new InviteClient(sending) });
    else this.#clients.set(key, { ...sent, kind: 'other', transaction: new Client(sending) });
    this.#send(hop, request.bytes);
  }

  /** The INVITE of this branch is being cancelled. */
  expectEnd(branch: string, now: number): void {
    const client = this.#clients.get(`${branch} INVITE`);
    if (client?.kind === 'invite') client.transaction.expectEnd(now);
  }

  takeResponse(response: Message<StatusLine>, source: Hop, now: number): void {
    const branch = parameterOf(response.vias[0]?.parameters ?? [], 'branch');
    const client = this.#clients.get(`${branch} ${response.cseq.method}`);
    if (client === undefined) return;
    const { status } = response.start;
    const step =
      client.kind === 'invite'
        ? client.transaction.receive(status, now, () => client.acknowledge(response))
        : client.transaction.receive(status, now);
    this.#deliver(step, client.hop);
    if (step.outcome === 'pass') client.asker.answered(response, source, now);
  }

  /** Keeps what is needed to answer this INVITE, and to answer it again. */
  serveInvite(request: Message<RequestLine>, hop: Hop, answerer: Answerer): string {
    const key = serverKey(request, 'INVITE');
    this.#servers.set(key, { kind: 'invite', transaction: new InviteServer(), answerer, ...whose(request, hop) });
    return key;
  }

  /** Answers a request that is no INVITE, and keeps the answer for when it comes again. */
  serve(request: Message<RequestLine>, hop: Hop, response: Uint8Array<ArrayBuffer>, now: number): void {
    const transaction = new Server({ bytes: response, isReliable: hop.transport === 'TCP', now });
    const key = serverKey(request, request.start.method);
    if (!this.isFull) this.#servers.set(key, { kind: 'other', transaction, ...whose(request, hop) });
    this.#send(hop, response);
  }

  /** Answers an INVITE that is open still; whether it was. */
  respond(key: string, status: number, bytes: Uint8Array<ArrayBuffer>, now: number): boolean {
    const served = this.#servers.get(key);
    if (served?.kind !== 'invite' || !served.transaction.isOpen) return false;
    const isReliable = served.hop.transport === 'TCP';
    this.#deliver(served.transaction.respond(status, { bytes, isReliable, now }), served.hop);
    return true;
  }

  /** Takes a request that has come before, and the ACK of a known INVITE; false if it is new. */
  takeAgain(request: Message<RequestLine>, now: number): boolean {
    const isAck = request.start.method === 'ACK';
    const served = this.#servers.get(serverKey(request, isAck ? 'INVITE' : request.start.method));
    if (served === undefined) return false;
    if (isAck && served.kind === 'invite') this.#acknowledge(served, now);
    else this.#deliver(served.transaction.repeat(), served.hop);
    return true;
  }

  /** The ACK of a success, which is a transaction of its own. */
  takeAck(request: Message<RequestLine>, now: number): void {
    for (const served of this.#servers.values())
      if (served.kind === 'invite' && isSame(served, request)) this.#acknowledge(served, now);
  }

  forget(key: string): void {
    this.#servers.delete(key);
  }

  /** The same request on another way (RFC 3261 section 8.2.2.2). */
  isMerged(request: Message<RequestLine>): boolean {
    return [...this.#servers.values()].some((served) => isSame(served, request));
  }

  get nextTickAt(): number | null {
    const all = [...this.#clients.values(), ...this.#servers.values()];
    const due = all.flatMap(({ transaction }) => transaction.nextTickAt ?? []);
    return due.length === 0 ? null : Math.min(...due);
  }

  tick(now: number): void {
    for (const [key, client] of [...this.#clients]) {
      const step = client.transaction.tick(now);
      if (client.transaction.isOver) this.#clients.delete(key);
      this.#deliver(step, client.hop);
      if (step.outcome === 'timed-out') client.asker.timedOut(now);
    }
    for (const [key, served] of [...this.#servers]) {
      const step = served.transaction.tick(now);
      if (served.transaction.isOver) this.#servers.delete(key);
      this.#deliver(step, served.hop);
      if (step.outcome === 'timed-out' && served.kind === 'invite') served.answerer.unacknowledged(now);
    }
  }

  #acknowledge(served: Extract<Served, { kind: 'invite' }>, now: number): void {
    if (served.transaction.acknowledge(now).outcome === 'pass') served.answerer.acknowledged(now);
  }

  #deliver({ sends }: Step, hop: Hop): void {
    for (const bytes of sends) this.#send(hop, bytes);
  }
}

/** RFC 3261 section 17.2.3, and for ends from before it what they call a transaction. */
export function serverKey(request: Message<RequestLine>, method: string): string {
  const { vias, callId, cseq, from, start } = request;
  const [via] = vias;
  const branch = parameterOf(via?.parameters ?? [], 'branch') ?? '';
  if (branch.startsWith(MAGIC) && branch.length > MAGIC.length)
    return `${branch} ${via?.host.toLowerCase()}:${via?.port ?? ''} ${method}`;
  const way = via === undefined ? '' : encodeVia(via);
  return `${callId} ${tagOf(from) ?? ''} ${cseq.number} ${encodeUri(start.uri)} ${way} ${method}`;
}

function whose({ callId, from, cseq }: Message, hop: Hop): Owner {
  return { hop, callId, fromTag: tagOf(from), sequence: cseq.number };
}

function isSame({ callId, fromTag, sequence }: Owner, request: Message): boolean {
  return callId === request.callId && fromTag === tagOf(request.from) && sequence === request.cseq.number;
}
