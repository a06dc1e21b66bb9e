import { test } from 'vitest';
import { crashMutations } from './crash-points.ts';
import { checkMutations } from './mutation.ts';

test('every crash point stands where the sources are now', () => {
  checkMutations(crashMutations);
});
