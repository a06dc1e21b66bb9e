import { PeerFault, UsageFault, WireFault } from '@sotto/bytes';

/** `header-malformed`: bytes that are no SFrame header. */
export type SframeWireCode = 'header-malformed';

/**
 * `frame-refused`: not sealed under the key that it names, or altered. `frame-replayed`: seen before, or too old to know.
 * `key-unknown`: under a key id that nobody announced.
 */
export type SframePeerCode = 'frame-refused' | 'frame-replayed' | 'key-unknown';

/** `too-many-keys`: more than a receiver holds. `counter-exhausted`: a key that may seal no more frames. */
export type SframeUsageCode = 'too-many-keys' | 'counter-exhausted';

export class SframeWireFault extends WireFault<SframeWireCode> {}
export class SframePeerFault extends PeerFault<SframePeerCode> {}
export class SframeUsageFault extends UsageFault<SframeUsageCode> {}
