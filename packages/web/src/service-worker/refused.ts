import type { Refusal, RefusalCode } from '../release/state.ts';

/** Something that the server gave and that is not taken. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(code: RefusalCode, about: { readonly path?: string; readonly keyFingerprint?: string } = {}) {
    super(code);
    this.refusal = { code, path: about.path ?? null, keyFingerprint: about.keyFingerprint ?? null, at: Date.now() };
  }
}

/** The server gave nothing that could be judged. */
export class Unreachable extends Error {}
