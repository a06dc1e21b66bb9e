/** How far behind the newest frame of a key a late one may be. 1,024 frames are 20 seconds of audio. */
export const REPLAY_WINDOW = 1024;

/** Keys that a receiver holds at once: two for each of 64 senders. */
export const MAX_KEYS = 128;
