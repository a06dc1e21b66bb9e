export {
  type SrtpPeerCode,
  SrtpPeerFault,
  type SrtpUsageCode,
  SrtpUsageFault,
  type SrtpWireCode,
  SrtpWireFault,
} from './fault.ts';
export { profiles, type SrtpProfile } from './profile.ts';
export { SrtpReceiver } from './receiver.ts';
export { type SrtpInput, SrtpSender } from './sender.ts';
export type { MasterKey } from './session-keys.ts';
