/** Longest datagram that is looked at: the longest message of ZRTP with what is around it. */
export const MAX_DATAGRAM_BYTES = 2192;

/** Addresses of one end: more would make a call a way to have others flooded with Hellos. */
export const MAX_CANDIDATES = 32;

/** Longest audio of one packet, as Opus has it: 120 ms of 48 kHz. */
export const MAX_FRAME_SAMPLES = 5760;

/** Packets that wait to be played: 100 of 20 ms are two seconds. */
export const MAX_WAITING_PACKETS = 100;

/** Longest delay that the jitter buffer takes on, in milliseconds. */
export const MAX_PLAYOUT_DELAY = 800;

/** Largest WAV file that is read: 20 minutes of two channels at 48 kHz. */
export const MAX_WAV_BYTES = 240_000_000;
