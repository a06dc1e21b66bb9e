export type { Channel } from './channel.ts';
export type { AccountLogin, AnonymousLogin, ClientLogin, DeviceLogin, SignIn } from './client-login.ts';
export {
  type ChannelPeerCode,
  ChannelPeerFault,
  ChannelRefusedFault,
  type ChannelUsageCode,
  ChannelUsageFault,
  type ChannelWireCode,
  ChannelWireFault,
  type Refusal,
  type RefusalCode,
} from './fault.ts';
export type { KemName } from './kem.ts';
export { MAX_DATA_BYTES, type RekeyLimits } from './limits.ts';
export type { Authenticate, Certificates } from './messages.ts';
export {
  type AcceptOptions,
  acceptChannel,
  type ClientChannel,
  type ConnectOptions,
  connectChannel,
  type ServerChannel,
} from './open.ts';
export type { ChannelClock, ChannelTimer, FrameSocket } from './ports.ts';
export type { AccountRecord, DeviceKey, Directory, Peer } from './server-login.ts';
