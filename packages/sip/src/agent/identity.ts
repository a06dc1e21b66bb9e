import { hex } from '@sotto/bytes';
import type { Field } from '../syntax/field.ts';
import { encodeMessage, type Message } from '../syntax/message.ts';
import type { NameAddress } from '../syntax/name-address.ts';
import type { Parameter } from '../syntax/parameter.ts';
import type { Uri } from '../syntax/uri.ts';
import type { Via } from '../syntax/via.ts';
import type { Dialog } from './dialog.ts';
import type { Hop } from './event.ts';

export interface IdentityOptions {
  randomBytes(length: number): Uint8Array<ArrayBuffer>;
  /** What we answer to, before the @. */
  readonly user: string;
  /** Where we listen, with UDP and TCP: an IP address without brackets. */
  readonly address: string;
  readonly port: number;
}

/** A request of ours, ready to go. */
export interface OwnRequest {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly branch: string;
}

export interface RequestParts {
  readonly method: string;
  readonly uri: Uri;
  readonly from: NameAddress;
  readonly to: NameAddress;
  readonly callId: string;
  readonly sequence: number;
  readonly routes: readonly NameAddress[];
  readonly fields: readonly Field[];
  readonly body: Uint8Array<ArrayBuffer> | null;
  /** Of a request that this one is about; else a new one is drawn. */
  readonly branch: string | null;
}

/** Who we are in messages: names, tags and branches that nobody can guess. */
export class Identity {
  readonly #options: IdentityOptions;

  constructor(options: IdentityOptions) {
    this.#options = options;
  }

  get address(): NameAddress {
    return { displayName: '', uri: this.#uri([]), parameters: [] };
  }

  contact({ transport }: Hop): NameAddress {
    const parameters = [{ name: 'transport', value: transport.toLowerCase() }];
    return { displayName: '', uri: this.#uri(parameters), parameters: [] };
  }

  /** 128 bits in hexadecimal, for tags, Call-IDs and branches. */
  token(): string {
    return hex(this.#options.randomBytes(16));
  }

  /** RFC 3261 section 8.1.1. Throws `not-sendable`. */
  request(hop: Hop, parts: RequestParts): OwnRequest {
    const { method, uri, from, to, callId, sequence, routes, fields, body } = parts;
    const branch = parts.branch ?? `${MAGIC}${this.token()}`;
    const message: Message = {
      start: { kind: 'request', method, uri },
      vias: [this.#via(hop, branch)],
      maxForwards: 70,
      ...{ from, to, callId, cseq: { number: sequence, method }, routes, recordRoutes: [], fields },
      contacts: method === 'INVITE' ? [this.contact(hop)] : [],
      contentType: body === null ? null : 'application/sdp',
      body: body ?? new Uint8Array(0),
    };
    return { bytes: encodeMessage(message), branch };
  }

  /** A request within a dialog (RFC 3261 section 12.2.1.1). Throws `not-sendable`. */
  requestWithin(dialog: Dialog, method: string, sequence: number): OwnRequest {
    const { callId, local, remote, target, routes, hop } = dialog;
    return this.request(hop, {
      ...{ method, uri: target, from: local, to: remote, callId, sequence, routes },
      ...{ fields: [], body: null, branch: null },
    });
  }

  #via({ transport }: Hop, branch: string): Via {
    const { port } = this.#options;
    const parameters = [
      { name: 'branch', value: branch },
      { name: 'rport', value: null },
    ];
    return { version: 'SIP/2.0', transport, host: this.#host, port, parameters };
  }

  #uri(parameters: readonly Parameter[]): Uri {
    const { user, port } = this.#options;
    return { scheme: 'sip', user, password: null, host: this.#host, port, parameters, headers: null };
  }

  get #host(): string {
    const { address } = this.#options;
    return address.includes(':') ? `[${address}]` : address;
  }
}

/** Marks a branch that is unique (RFC 3261 section 8.1.1.7). */
export const MAGIC = 'z9hG4bK';
