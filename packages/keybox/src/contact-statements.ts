import {
  type Address,
  type Chain,
  type ContactStatement,
  chainExtent,
  ProtocolPeerFault,
  signContactStatement,
} from '@sotto/protocol';
import type { Chains } from './chains.ts';
import type { Session } from './session.ts';

/** What this account signs about its contacts, and hands to the server for them. */
export class ContactStatements {
  readonly #session: Session;
  readonly #chains: Chains;

  constructor(session: Session, chains: Chains) {
    this.#session = session;
    this.#chains = chains;
  }

  /** `expected`: the identity that alone may take it; null for any. */
  async request(address: Address, expected: Uint8Array | null): Promise<void> {
    const statement: ContactStatement = { ...(await this.#frame(address)), type: 'request', expected };
    await this.#session.link.call('contacts.request', { envelope: await this.#sign(statement) });
  }

  /** Throws `not-found` if the request was taken back. */
  async accept(chain: Chain): Promise<void> {
    const statement: ContactStatement = {
      ...(await this.#frame(chain.address)),
      type: 'accept',
      peer: chain.fingerprint,
      peerChain: chainExtent(chain),
    };
    await this.#session.link.call('contacts.accept', { envelope: await this.#sign(statement) });
  }

  #sign(statement: ContactStatement): ReturnType<typeof signContactStatement> {
    const { suite, signing } = this.#session.identity;
    return signContactStatement(suite, statement, signing.secretKey);
  }

  async #frame(to: Address): Promise<Omit<ContactStatement & { type: 'request' }, 'type' | 'expected'>> {
    const { identity, clock } = this.#session;
    const own = await this.#chains.known(identity.fingerprint);
    if (own === null) throw new ProtocolPeerFault('pending-chain', 'the own chain is missing');
    return {
      v: 1,
      suite: identity.suite.id,
      author: identity.fingerprint,
      authorAddress: identity.address,
      device: identity.deviceId,
      chain: chainExtent(own),
      to,
      at: clock.now(),
    };
  }
}
