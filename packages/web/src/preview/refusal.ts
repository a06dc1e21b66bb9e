import type { PreviewRefusal } from './words.ts';

/** Why something is not shown. */
export class Refusal extends Error {
  readonly code: PreviewRefusal;

  constructor(code: PreviewRefusal) {
    super(code);
    this.code = code;
  }
}
