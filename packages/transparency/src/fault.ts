import { PeerFault, UsageFault, WireFault } from '@sotto/bytes';

/** Bytes that are no item of the format that was asked for. */
export type TransparencyWireCode = 'checkpoint-malformed' | 'epoch-malformed';

/**
 * `checkpoint-invalid`: of another log, or signed by none of the log's keys. `proof-invalid`: a proof that does not lead
 * to the root it should. `rollback`: an older state than one that the log has signed. `split-view`: two signed states
 * of which neither can have grown out of the other, or an entry that contradicts what its account signed itself.
 */
export type TransparencyPeerCode = 'checkpoint-invalid' | 'proof-invalid' | 'rollback' | 'split-view';

export type TransparencyUsageCode = 'log-too-long';

export class TransparencyWireFault extends WireFault<TransparencyWireCode> {}
export class TransparencyPeerFault extends PeerFault<TransparencyPeerCode> {}
export class TransparencyUsageFault extends UsageFault<TransparencyUsageCode> {}
