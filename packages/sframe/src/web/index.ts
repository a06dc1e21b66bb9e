export { FrameTransforms } from './frame-transforms.ts';
export { serveFrames, type Transformer, type TransformScope } from './frame-worker.ts';
export type { FrameCodec, FrameCount, FrameCounts, FrameKeyMaterial } from './messages.ts';
