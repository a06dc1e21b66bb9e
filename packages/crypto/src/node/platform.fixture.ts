import { type Platform, script, webPlatforms } from '../platforms.fixture.ts';
import { nodePrimitives } from './index.ts';

const node: Platform = {
  name: 'node',
  primitives: nodePrimitives(),
  scripted: (random) => nodePrimitives({ randomBytes: script(random) }),
  replaysEncapsulation: false,
};

export const platforms: readonly Platform[] = [node, ...webPlatforms];
