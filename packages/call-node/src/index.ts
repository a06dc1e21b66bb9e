export { type AudioSink, type AudioSource, nowhere, silence } from './audio.ts';
export { loudspeaker, microphone } from './audio-device.ts';
export { type AudioProfile, audioProfiles } from './audio-profile.ts';
export type { Candidate } from './candidate.ts';
export {
  type CallPeerCode,
  CallPeerFault,
  type CallUsageCode,
  CallUsageFault,
  type CallWireCode,
  CallWireFault,
} from './fault.ts';
export type { MediaEvent } from './media-event.ts';
export { type MediaOptions, MediaSession, type PeerMedia } from './media-session.ts';
export type { RetainedSecrets } from './retained-secrets.ts';
export { parseSipUri, type SipNews, SipPhone, type SipPhoneOptions } from './sip/sip-phone.ts';
export type { CallStatistics } from './statistics.ts';
export { encodeWav, parseWav } from './wav.ts';
export { playWav, recordWav } from './wav-file.ts';
export { zrtpChoices } from './zrtp-choices.ts';
