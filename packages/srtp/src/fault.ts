import { PeerFault, UsageFault, WireFault } from '@sotto/bytes';

/** `packet-malformed`: bytes that are no RTP or RTCP packet. */
export type SrtpWireCode = 'packet-malformed';

/**
 * `packet-refused`: not protected under this key, or altered. `packet-replayed`: seen before, or too old to know.
 * `packet-clear`: control packets that came without encryption.
 */
export type SrtpPeerCode = 'packet-refused' | 'packet-replayed' | 'packet-clear';

/**
 * `too-many-sources`: more synchronisation sources than a stream has. `key-exhausted`: a master key that may protect no
 * more packets. `key-malformed`: master key or salt of another length than the profile's.
 */
export type SrtpUsageCode = 'too-many-sources' | 'key-exhausted' | 'key-malformed';

export class SrtpWireFault extends WireFault<SrtpWireCode> {}
export class SrtpPeerFault extends PeerFault<SrtpPeerCode> {}
export class SrtpUsageFault extends UsageFault<SrtpUsageCode> {}
