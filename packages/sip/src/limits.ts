/** Longest message, and what a UDP datagram can hold at most. Real ones have about 1,200 bytes. */
export const MAX_MESSAGE_BYTES = 65_535;

/** Longest start line and header fields together; the longest of RFC 4475 has 3,500 bytes. */
export const MAX_HEAD_BYTES = 16_384;

/** Header fields of a message, and values of one list. */
export const MAX_FIELDS = 128;

/** Parameters of one value. */
export const MAX_PARAMETERS = 32;

/** Longest session description, its lines, and media in it. */
export const MAX_DESCRIPTION_BYTES = 16_384;
export const MAX_DESCRIPTION_LINES = 512;
export const MAX_MEDIA = 16;

/** Calls at once, and transactions that strangers can have open; what comes beyond is answered 503. */
export const MAX_CALLS = 4;
export const MAX_TRANSACTIONS = 64;

/** RFC 3261 section 17.1.1.1, in milliseconds: an estimate of the way there and back, and the longest intervals. */
export const T1 = 500;
export const T2 = 4000;
export const T4 = 5000;
