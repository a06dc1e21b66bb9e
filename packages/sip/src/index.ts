export type { Ending, Hop, SipEvent } from './agent/event.ts';
export { type InviteOptions, UserAgent } from './agent/user-agent.ts';
export {
  type SipPeerCode,
  SipPeerFault,
  type SipPolicyCode,
  SipPolicyFault,
  type SipUsageCode,
  SipUsageFault,
  type SipWireCode,
  SipWireFault,
} from './fault.ts';
export type { Direction, LocalMedia, RemoteMedia } from './session/media.ts';
export { MessageFramer } from './syntax/framing.ts';
export type { NameAddress } from './syntax/name-address.ts';
export { encodeUri, isSipUri, parseUri, type SipUri, type Uri } from './syntax/uri.ts';
