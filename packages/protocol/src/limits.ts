/** One channel frame, and so one request, answer or event. */
export const MAX_FRAME_BYTES: number = 256 * 1024;

/** Plaintext of one record's body before padding; larger content is a blob. */
export const MAX_BODY_BYTES: number = 128 * 1024;

/** Text of one message, in UTF-8 bytes: leaves room for mentions and attachments in the body. */
export const MAX_TEXT_BYTES: number = 64 * 1024;

/** Content of one file. */
export const MAX_FILE_BYTES: number = 2 ** 40;

/** Such a file padded and sealed, with room to spare. */
export const MAX_BLOB_BYTES: number = 2 ** 41;

/** A room's or device's name in UTF-8 bytes. */
export const MAX_NAME_BYTES = 256;

/** A profile's picture, and a whole sealed profile with its padding. */
export const MAX_PICTURE_BYTES: number = 64 * 1024;
export const MAX_PROFILE_BYTES: number = 80 * 1024;

/** A voice note is at most an hour long. */
export const MAX_VOICE_MILLISECONDS: number = 3600 * 1000;

/** Smallest padded body: short messages all look alike. */
export const MIN_PADDED_BYTES = 256;

/** Members of one room unless its policy says less. */
export const MAX_MEMBERS = 1000;

/** Members for whom one request can carry a record with a key for each: 1.4 KB of row and sealed key, in one frame. */
export const MAX_KEYED_MEMBERS = 180;

/** Active devices of one account: a statement seals a new user key to each of them in 1.2 KB. */
export const MAX_DEVICES = 32;

/** Largest envelope of a statement: two hybrid signatures, one hybrid device and a sealed seed fit four times. */
export const MAX_STATEMENT_BYTES: number = 64 * 1024;

/** Records and days after which a room with traffic gets a new era. */
export const ERA_RECORDS = 10_000;
export const ERA_MILLISECONDS: number = 7 * 24 * 3600 * 1000;

/** Age of a signed head beyond which nothing is sealed, and the clock difference that is refused. */
export const MAX_HEAD_AGE_MILLISECONDS: number = 24 * 3600 * 1000;

/** A signed checkpoint of the transparency log, as a note. */
export const MAX_CHECKPOINT_BYTES = 2048;

/** Addresses, and proofs of entries together, of one request to the transparency log: 100 KB of answer. */
export const MAX_LOG_ADDRESSES = 16;
export const MAX_LOG_PROOFS = 64;

/** An entry of the key log. */
export const MAX_KEY_LOG_ENTRY_BYTES = 2048;

/** A message of a call's signalling with its padding, and the container around it. */
export const SIGNAL_BYTES = 4096;
export const MAX_SIGNAL_CONTAINER_BYTES: number = 32 * 1024;

/** One file of the web client. */
export const MAX_ASSET_BYTES: number = 64 * 1024 * 1024;
