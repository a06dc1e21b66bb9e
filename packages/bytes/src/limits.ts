/** Deepest nesting of arrays and maps that a decoder follows; our deepest format has 6 levels. */
export const MAX_CBOR_DEPTH = 16;

/** Longest CBOR item that a decoder takes unless its caller says otherwise: one channel frame (256 KiB) and room. */
export const MAX_CBOR_BYTES: number = 1024 * 1024;
