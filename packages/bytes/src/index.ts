export type { Branded } from './branded.ts';
export { compare, concat, equal, release } from './bytes.ts';
export { decodeCbor, encodeCbor } from './cbor.ts';
export type { CborCode, CborMap, CborValue } from './cbor-value.ts';
export {
  type Blame,
  BugFault,
  Fault,
  type FaultOptions,
  PeerFault,
  PolicyFault,
  UsageFault,
  unreachable,
  WireFault,
} from './fault.ts';
export { MAX_CBOR_BYTES, MAX_CBOR_DEPTH } from './limits.ts';
export {
  base64url,
  crockford32,
  hex,
  parseBase64url,
  parseCrockford32,
  parseHex,
  parseUtf8,
  type TextCode,
  utf8,
} from './text.ts';
