import {
  type CiphersuiteImpl,
  type ClientState,
  createApplicationMessage,
  createCommit,
  createGroup,
  decodeMlsMessage,
  defaultCapabilities,
  defaultLifetime,
  emptyPskIndex,
  encodeMlsMessage,
  generateKeyPackage,
  getCiphersuiteFromName,
  getCiphersuiteImpl,
  joinGroup,
  type KeyPackage,
  processPrivateMessage,
} from 'ts-mls';

/** The ciphersuite nearest to suite `hybrid`: X-Wing, AES-256-GCM, and Ed25519 alone. */
export async function mlsSuite(): Promise<CiphersuiteImpl> {
  return getCiphersuiteImpl(getCiphersuiteFromName('MLS_256_XWING_AES256GCM_SHA512_Ed25519'));
}

export function mlsMember(suite: CiphersuiteImpl, name: string): ReturnType<typeof generateKeyPackage> {
  const credential = { credentialType: 'basic', identity: new TextEncoder().encode(name) } as const;
  return generateKeyPackage(credential, defaultCapabilities(), defaultLifetime, [], suite);
}

export async function mlsGroup(suite: CiphersuiteImpl): Promise<ClientState> {
  const { publicPackage, privatePackage } = await mlsMember(suite, 'owner');
  return createGroup(new TextEncoder().encode('group'), publicPackage, privatePackage, [], suite);
}

/** One commit that adds them all, with the welcome to them; gives both as they travel. */
export async function mlsAdd(
  suite: CiphersuiteImpl,
  state: ClientState,
  packages: readonly KeyPackage[],
): Promise<{ readonly state: ClientState; readonly welcome: unknown; readonly welcomeBytes: number }> {
  const extraProposals = packages.map((keyPackage) => ({ proposalType: 'add', add: { keyPackage } }) as const);
  const { newState, welcome, commit } = await createCommit({ state, cipherSuite: suite }, { extraProposals });
  encodeMlsMessage(commit);
  const { length } = encodeMlsMessage({ welcome, wireformat: 'mls_welcome', version: 'mls10' });
  return { state: newState, welcome, welcomeBytes: length };
}

/** A group of two: what one sends as application messages, the other opens. */
export async function mlsSession(): Promise<{
  readonly seal: (message: Uint8Array) => Promise<Uint8Array>;
  readonly open: (sealed: Uint8Array) => Promise<Uint8Array>;
}> {
  const suite = await mlsSuite();
  const peer = await mlsMember(suite, 'peer');
  const added = await mlsAdd(suite, await mlsGroup(suite), [peer.publicPackage]);
  let sending = added.state;
  const tree = sending.ratchetTree;
  let receiving = await joinGroup(added.welcome, peer.publicPackage, peer.privatePackage, emptyPskIndex, suite, tree);
  return {
    async seal(message) {
      const { newState, privateMessage } = await createApplicationMessage(sending, message, suite);
      sending = newState;
      return encodeMlsMessage({ privateMessage, wireformat: 'mls_private_message', version: 'mls10' });
    },
    async open(sealed) {
      const decoded = decodeMlsMessage(sealed, 0);
      if (decoded === undefined) throw new Error('no message of MLS');
      const result = await processPrivateMessage(receiving, decoded[0].privateMessage, emptyPskIndex, suite);
      receiving = result.newState;
      if (result.message === undefined) throw new Error('no application message');
      return result.message;
    },
  };
}
