import { taggedMessage } from '@sotto/crypto';
import { type ClientLogin, type SignIn, startLogin } from './client-login.ts';
import { ChannelPeerFault, ChannelRefusedFault, ChannelWireFault } from './fault.ts';
import { frameTypes } from './frames.ts';
import { type Established, type Handshake, HandshakeFrames, type HandshakeOptions, Traffic } from './handshake.ts';
import { type ChannelKem, channelKem, type KemName } from './kem.ts';
import {
  authenticate,
  type Certificates,
  clientHello,
  parseMessage,
  refusal,
  type ServerHello,
  serverHello,
  unsignedServerHello,
} from './messages.ts';
import { Transcript } from './transcript.ts';

export interface ClientHandshakeOptions extends HandshakeOptions {
  readonly kem: KemName;
  readonly login: ClientLogin;
  /** Checks the certificates against the pinned CA and the domain; gives the channel public key, 32 bytes, or throws. */
  verifyCertificates(certificates: Certificates): Promise<Uint8Array>;
}

export interface ClientEstablished extends Established {
  /** `null` but for a login by passphrase. */
  readonly signIn: SignIn | null;
}

/**
 * The client's side of docs/spec/channel.md, from ClientHello to the server's Finished.
 * Throws what the spec lists under Errors.
 */
export async function* clientHandshake(options: ClientHandshakeOptions): Handshake<ClientEstablished> {
  const { primitives, domain } = options;
  using ephemeral = new DisposableStack();
  using unfinished = new DisposableStack();
  const transcript = new Transcript(domain);
  const kem = channelKem(primitives, options.kem);
  const pair = await kem.generate();
  ephemeral.use(pair.secretKey);

  const hello = { v: 1, nonce: primitives.randomBytes(32), kem: options.kem, key: pair.publicKey } as const;
  const helloBytes = clientHello.encode(hello);
  transcript.add(helloBytes);
  const answered = readServerHello(yield [helloBytes], kem);
  await verifyServerHello(options, transcript, answered);

  const kemSecret = ephemeral.use(await kem.decapsulate(pair.secretKey, answered.ciphertext));
  const frames = ephemeral.use(new HandshakeFrames(primitives.aes256Gcm, { kemSecret, transcript, side: 'client' }));
  const login = ephemeral.use(startLogin({ primitives, domain }, options.login));
  const answer = yield [await frames.write(authenticate, login.authenticate)];
  const { sessionKey, messages, signIn } = await login.conclude(frames, answer);
  ephemeral.use(sessionKey);
  if (signIn !== null) unfinished.use(signIn.exportKey);

  const secrets = { kemSecret, sessionKey, transcriptHash: transcript.hash };
  const traffic = unfinished.use(new Traffic(primitives.aes256Gcm, secrets, 'client'));
  const finished = yield [...messages, await traffic.writeFinished()];
  if (finished[0] === frameTypes.handshake) throw new ChannelRefusedFault(await frames.read(refusal, finished));
  await traffic.readFinished(finished);
  unfinished.move();
  return { ...traffic.established(options), signIn };
}

function readServerHello(bytes: Uint8Array, { ciphertextBytes }: ChannelKem): ServerHello {
  const hello = parseMessage(serverHello, bytes);
  if (hello.ciphertext.length === ciphertextBytes) return hello;
  throw new ChannelWireFault('frame-malformed', 'a ciphertext of another KEM');
}

async function verifyServerHello(
  { primitives, verifyCertificates }: ClientHandshakeOptions,
  transcript: Transcript,
  { signature, ...unsigned }: ServerHello,
): Promise<void> {
  transcript.add(unsignedServerHello.encode(unsigned));
  const publicKey = await verifyCertificates(unsigned.certificates);
  const message = taggedMessage('sotto/channel/v1', transcript.hash);
  if (!(await primitives.ed25519.verify(publicKey, message, signature))) {
    throw new ChannelPeerFault('channel-unauthenticated', 'the server did not prove its channel key');
  }
  transcript.add(signature);
}
