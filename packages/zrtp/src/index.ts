export type { Agreed, CacheState, DirectionKeys, SessionKey } from './agreed.ts';
export { type Algorithms, allChoices } from './algorithms.ts';
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
export { type StreamOptions, type ZrtpEvent, ZrtpStream } from './stream.ts';
