import { serveFrames, type TransformScope } from '@sotto/sframe/web';

serveFrames(globalThis as unknown as TransformScope);
