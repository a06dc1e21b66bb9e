export {
  type Checkpoint,
  type LogName,
  type NoteSignature,
  originOf,
  parseCheckpoint,
  signCheckpoint,
  type UnverifiedCheckpoint,
  verifyCheckpoint,
} from './checkpoint.ts';
export {
  type EntryProof,
  type EpochProof,
  entryHash,
  type MapEntry,
  type Placement,
  placeAddress,
  verifyEntry,
  verifyEpoch,
  verifyPlacement,
} from './entry.ts';
export { type Epoch, encodeEpoch, parseEpoch } from './epoch.ts';
export {
  type TransparencyPeerCode,
  TransparencyPeerFault,
  type TransparencyUsageCode,
  TransparencyUsageFault,
  type TransparencyWireCode,
  TransparencyWireFault,
} from './fault.ts';
export {
  changeMap,
  EMPTY_MAP,
  type MapBranch,
  type MapLeaf,
  type MapNode,
  type MapProof,
  mapLeaf,
  mapPaths,
  proveMap,
} from './map.ts';
export {
  appendedNodes,
  consistencyRanges,
  frontierOf,
  inclusionRanges,
  type LogExtent,
  type LogNode,
  type LogRange,
  leafHash,
  nodesOf,
  rangeHash,
} from './merkle-log.ts';
export { checkGrowth, compareCheckpoints, type EntryState, followLog, judgeEntry, type KnownChain } from './monitor.ts';
