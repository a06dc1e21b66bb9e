import { BugFault } from '@sotto/bytes';
import type { Primitives } from './ports.ts';
import { webPrimitives } from './web/index.ts';

/** Primitives as the tests see them: which platform, and how to replay its random bytes. */
export interface Platform {
  readonly name: string;
  readonly primitives: Primitives;
  /** Primitives that draw these bytes in order and fault when they are used up. */
  scripted(random: Uint8Array): Primitives;
  /** Whether ML-KEM encapsulation follows the script. */
  readonly replaysEncapsulation: boolean;
}

/** WebCrypto as it is here, and with the curves that older browsers lack by noble. */
export const webPlatforms: readonly Platform[] = [
  {
    name: 'web',
    primitives: webPrimitives(),
    scripted: (random) => webPrimitives({ randomBytes: script(random) }),
    replaysEncapsulation: true,
  },
  {
    name: 'web without its own curves',
    primitives: webPrimitives({ portableCurves: true }),
    scripted: (random) => webPrimitives({ randomBytes: script(random), portableCurves: true }),
    replaysEncapsulation: true,
  },
];

export function script(random: Uint8Array): Primitives['randomBytes'] {
  let offset = 0;
  return (length) => {
    if (offset + length > random.length) throw new BugFault('the script of random bytes is used up');
    offset += length;
    return Uint8Array.from(random.subarray(offset - length, offset));
  };
}
