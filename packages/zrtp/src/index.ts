export type { Agreed, CacheState, DirectionKeys, SessionKey } from './agreed.ts';
export { type Algorithms, allChoices } from './algorithms.ts';
export type { ZrtpEvent } from './event.ts';
export {
  type ZrtpPeerCode,
  ZrtpPeerFault,
  type ZrtpUsageCode,
  ZrtpUsageFault,
  type ZrtpWireCode,
  ZrtpWireFault,
} from './fault.ts';
export type { KnownSecrets } from './handshake.ts';
export type { Choices } from './messages/hello.ts';
export { isZrtpPacket } from './packet.ts';
export { type StreamOptions, ZrtpStream } from './stream.ts';
