import { encodeCbor, equal, utf8 } from '@sotto/bytes';
import { proveVrf, type Secret, taggedHash, verifyVrf } from '@sotto/crypto';
import type { Checkpoint } from './checkpoint.ts';
import { type Epoch, parseEpoch } from './epoch.ts';
import { TransparencyPeerFault } from './fault.ts';
import { type MapProof, verifyMap } from './map.ts';
import { leafHash, verifyInclusion } from './merkle-log.ts';

/** What the map says of an address: whose it is, and where its sigchain ends. */
export interface MapEntry {
  /** Fingerprint of the account. */
  readonly account: Uint8Array;
  /** Statements of its chain. */
  readonly length: number;
  /** Hash of the last. */
  readonly hash: Uint8Array;
}

/** Where an address stands in a map, 32 bytes, and what proves it. */
export interface Placement {
  readonly index: Uint8Array;
  readonly proof: Uint8Array;
}

/** An epoch, and its way to the root of a checkpoint. */
export interface EpochProof {
  readonly epoch: Uint8Array;
  readonly path: readonly Uint8Array[];
}

/** What an address's state was in one epoch. */
export interface EntryProof extends MapProof {
  /** Null if the map has none for the address. */
  readonly entry: MapEntry | null;
}

/** The hash that stands for an entry in the map: 32 bytes. */
export function entryHash(address: string, { account, length, hash }: MapEntry): Uint8Array<ArrayBuffer> {
  return taggedHash('sotto/map-entry/v1', encodeCbor({ address, account, length, hash }));
}

/** The place of an address, by the log's secret key. */
export function placeAddress(vrfKey: Secret, address: string): Placement {
  const { output, proof } = proveVrf(vrfKey, utf8(address));
  return { index: output.subarray(0, 32), proof };
}

/** The index of an address, as its proof shows it. Throws `bad-signature`, `key-malformed`. */
export function verifyPlacement(vrfPublicKey: Uint8Array, address: string, proof: Uint8Array): Uint8Array {
  return verifyVrf(vrfPublicKey, utf8(address), proof).subarray(0, 32);
}

/** The epoch that stands at `index` of the log. Throws `epoch-malformed`, `proof-invalid`. */
export function verifyEpoch(log: Checkpoint, index: number, { epoch, path }: EpochProof): Epoch {
  verifyInclusion(leafHash(epoch), path, { index, log });
  return parseEpoch(epoch);
}

/** The entry that an epoch's map has for the address of that index; null for none. Throws `proof-invalid`. */
export function verifyEntry(
  { map }: Epoch,
  { address, index }: { readonly address: string; readonly index: Uint8Array },
  { entry, ...proof }: EntryProof,
): MapEntry | null {
  const shown = verifyMap(map, index, proof);
  if (entry === null && shown === null) return null;
  if (entry !== null && shown !== null && equal(shown, entryHash(address, entry))) return entry;
  throw new TransparencyPeerFault('proof-invalid', 'an entry that is not the one in the map');
}
