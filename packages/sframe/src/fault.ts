import { PeerFault, UsageFault, WireFault } from '@sotto/bytes';

/** `header-malformed`: bytes that are no SFrame header. `digest-malformed`: bytes that are no digest of frames. */
export type SframeWireCode = 'header-malformed' | 'digest-malformed';

/**
 * `frame-refused`: not sealed under the key that it names, or altered. `frame-replayed`: seen before, or too old to know.
 * `key-unknown`: under a key id that nobody announced. `digest-refused`: a digest that its sender did not sign, or that is of
 * another conference. `digest-replayed`: one of frames of which there was one.
 */
export type SframePeerCode = 'frame-refused' | 'frame-replayed' | 'key-unknown' | 'digest-refused' | 'digest-replayed';

/**
 * `too-many-keys`: more than a receiver holds. `counter-exhausted`: a key that may seal no more frames. `frame-skipped`: a
 * digest must have all frames of its key, in their order. `key-missing`: none to seal with. `key-used`: an id under which frames
 * were sealed before.
 */
export type SframeUsageCode = 'too-many-keys' | 'counter-exhausted' | 'frame-skipped' | 'key-missing' | 'key-used';

export class SframeWireFault extends WireFault<SframeWireCode> {}
export class SframePeerFault extends PeerFault<SframePeerCode> {}
export class SframeUsageFault extends UsageFault<SframeUsageCode> {}
