import type { Mutation } from '../support/mutation.ts';

/** Bugs that the simulation must find: each is planted alone, and some seed of the first 200 must fail. */
export const plantedBugs: Readonly<Record<string, Mutation>> = {
  'ack-before-fsync': {
    file: 'packages/server/src/store/group-commit.ts',
    find: '    await writer.commit();\n',
    replace: '    for (const answer of answers) answer();\n    await writer.commit();\n',
  },
};
