import { framesCall } from './frames-call.ts';
import { zrtpPair } from './zrtp-pair.ts';

/** What the page offers to the test that drives it; every answer lists what went wrong. */
Object.assign(globalThis, { calls: { framesCall, zrtpPair } });
