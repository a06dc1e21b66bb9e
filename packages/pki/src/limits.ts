/** Deepest nesting of DER; a PKCS#12 with its PBES2 parameters, our deepest format, has 16 levels. */
export const MAX_DER_DEPTH = 32;

/** Longest DER that a parser takes unless its caller says otherwise: certificates, requests, PKCS#12 and CRLs. */
export const MAX_DER_BYTES: number = 4 * 1024 * 1024;

/** Most elements in one DER input: a CRL of 4 MiB has fewer, and a flood of empty elements ends here. */
export const MAX_DER_ELEMENTS: number = 1024 * 1024;

/** Longest object identifier: 2.25 with a UUID and two arcs below it has 22 octets. */
export const MAX_OID_BYTES = 32;

/** Longest certificate: RSA-4096 key and P-384 signature need under 2 KiB. */
export const MAX_CERTIFICATE_BYTES: number = 16 * 1024;

export const DEVICE_CERTIFICATE_DAYS = 90;
export const CLUSTER_CERTIFICATE_DAYS = 365;
export const AUTHORITY_YEARS = 20;
/** A fresh certificate is valid from this much before its issue, for clocks that are behind. */
export const BACKDATE_SECONDS = 300;

/** Bounds of password-based derivations in PKCS#12, checked before anything runs. */
export const MIN_KDF_ITERATIONS = 600_000;
export const MAX_KDF_ITERATIONS = 10_000_000;

/** Most bags in one PKCS#12 file, keys and certificates together. */
export const MAX_KEY_FILE_BAGS = 16;

/** Longest container: what is larger travels as a blob. */
export const MAX_CONTAINER_BYTES: number = 64 * 1024 * 1024;
export const MAX_CONTAINER_RECIPIENTS = 1024;
