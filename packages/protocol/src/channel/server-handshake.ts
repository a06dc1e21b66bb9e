import { type Secret, taggedMessage } from '@sotto/crypto';
import { ChannelRefusedFault, type Refusal } from './fault.ts';
import { type Established, type Handshake, HandshakeFrames, type HandshakeOptions, Traffic } from './handshake.ts';
import { channelKem, type KemName } from './kem.ts';
import {
  authenticate,
  type Certificates,
  clientHello,
  parseMessage,
  refusal,
  serverHello,
  unsignedServerHello,
} from './messages.ts';
import { answerLogin, type Peer, type ServerLoginContext } from './server-login.ts';
import { Transcript } from './transcript.ts';

export interface ServerHandshakeOptions extends HandshakeOptions, ServerLoginContext {
  /** Ed25519 seed; signs channels and nothing else. */
  readonly channelKey: Secret;
  readonly certificates: Certificates;
}

export interface ServerEstablished extends Established {
  readonly peer: Peer;
  /** What the client chose: `p-384` is for accounts of the classic suite. */
  readonly kem: KemName;
}

/** The client was turned away; `message` tells it so and is to be sent before the carrier closes. */
export interface Refused {
  readonly fault: ChannelRefusedFault;
  readonly message: Uint8Array;
}

/**
 * The server's side of docs/spec/channel.md, from nothing to the client's Finished; its first `next` sends nothing.
 * Throws what the spec lists under Errors.
 */
export async function* serverHandshake(options: ServerHandshakeOptions): Handshake<ServerEstablished | Refused> {
  const { primitives } = options;
  using ephemeral = new DisposableStack();
  using unfinished = new DisposableStack();
  const transcript = new Transcript(options.domain);

  const helloBytes = yield [];
  const hello = parseMessage(clientHello, helloBytes);
  transcript.add(helloBytes);
  const { ciphertext, sharedSecret } = await channelKem(primitives, hello.kem).encapsulate(hello.key);
  const kemSecret = ephemeral.use(sharedSecret);
  const serverHelloBytes = await signedHello(options, transcript, ciphertext);
  const frames = ephemeral.use(new HandshakeFrames(primitives.aes256Gcm, { kemSecret, transcript, side: 'server' }));

  const request = await frames.read(authenticate, yield [serverHelloBytes]);
  const turnedAway = await options.directory.admit(request, hello.kem);
  if (turnedAway !== null) return await refuse(frames, turnedAway);
  const login = yield* answerLogin(options, frames, request);
  if ('error' in login) return await refuse(frames, login);
  const sessionKey = ephemeral.use(login.sessionKey);

  const secrets = { kemSecret, sessionKey, transcriptHash: transcript.hash };
  const traffic = unfinished.use(new Traffic(primitives.aes256Gcm, secrets, 'server'));
  await traffic.readFinished(yield [...login.messages, await traffic.writeFinished()]);
  unfinished.move();
  return { ...traffic.established(options), peer: login.peer, kem: hello.kem };
}

async function signedHello(
  { primitives, channelKey, certificates }: ServerHandshakeOptions,
  transcript: Transcript,
  ciphertext: Uint8Array,
): Promise<Uint8Array> {
  const unsigned = { v: 1, nonce: primitives.randomBytes(32), ciphertext, certificates } as const;
  transcript.add(unsignedServerHello.encode(unsigned));
  const signature = await primitives.ed25519.sign(channelKey, taggedMessage('sotto/channel/v1', transcript.hash));
  transcript.add(signature);
  return serverHello.encode({ ...unsigned, signature });
}

async function refuse(frames: HandshakeFrames, reason: Refusal): Promise<Refused> {
  return { fault: new ChannelRefusedFault(reason), message: await frames.write(refusal, reason) };
}
