export { type CipherSuite, cipherSuites } from './cipher-suite.ts';
export { DigestSigner, type DigestSignerInput } from './digest-signer.ts';
export { DigestVerifier, type DigestVerifierInput, type Uncovered, type Verdict } from './digest-verifier.ts';
export {
  type SframePeerCode,
  SframePeerFault,
  type SframeUsageCode,
  SframeUsageFault,
  type SframeWireCode,
  SframeWireFault,
} from './fault.ts';
export type { FrameKeyInput } from './frame-key.ts';
export { encodeHeader, parseHeader, type SframeHeader } from './header.ts';
export { FrameReceiver, type OpenFrame } from './receiver.ts';
export { FrameSender } from './sender.ts';
