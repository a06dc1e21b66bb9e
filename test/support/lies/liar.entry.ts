import { registerHooks } from 'node:module';

/**
 * Given to a home server's program by `--import`: the modules that answer operations and send blobs are swapped for
 * ours, which lie as they are ordered. All else is the real program with its real keys.
 */
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    if (context.parentURL?.startsWith(OURS) === true) return found;
    const swap = SWAPS.find(([theirs]) => found.url.endsWith(theirs));
    return swap === undefined ? found : { ...found, url: new URL(swap[1], OURS).href };
  },
});

const OURS = new URL('.', import.meta.url).href;
const SWAPS = [
  ['/packages/server/src/api/index.ts', 'handlers.entry.ts'],
  ['/packages/server/src/blobs/send-file.ts', 'send-file.entry.ts'],
] as const;
