/** Most epochs in one log: one every second for 68 years. */
export const MAX_LOG_SIZE: number = 2 ** 31 - 1;

/** Longest checkpoint with its signatures; one of ours with the longest domain has under 600 bytes. */
export const MAX_CHECKPOINT_BYTES = 2048;

/** Most signature lines under a checkpoint: the log's own and those of witnesses. */
export const MAX_CHECKPOINT_SIGNATURES = 8;

/** Longest encoded epoch. */
export const MAX_EPOCH_BYTES = 256;
