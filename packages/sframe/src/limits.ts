/** How far behind the newest frame of a key a late one may be. 1,024 frames are 20 seconds of audio. */
export const REPLAY_WINDOW = 1024;

/** Keys that a receiver holds at once: two for each of 64 senders. */
export const MAX_KEYS = 128;

/** Frames of one digest: two seconds of sound and pictures. */
export const MAX_DIGEST_FRAMES = 512;

/** Bytes that stand for a frame in a digest. */
export const FRAME_HASH_BYTES = 16;

/** Of what names a conference. */
export const MAX_CONFERENCE_BYTES = 64;

/** How long a frame may wait for the digest that has it: twice as long as there may be between two. */
export const DIGEST_PATIENCE_MILLISECONDS = 4000;
