/**
 * The library that checks formats asks, with its first schema, whether it may compile code. The policy of our pages forbids
 * that, and would report the question: it is told beforehand, and so before anything else is loaded.
 */
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });

export {};
