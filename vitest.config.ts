import { availableParallelism } from 'node:os';
import { defineConfig, type Plugin, type TestProjectInlineConfiguration } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { foreignFolders } from './scripts/foreign.ts';
import { type TestedEngine, testedEngines } from './scripts/test-engines.ts';
import { chosenMutations, mutate, mutationsOf } from './test/support/mutation.ts';

/** All tests run on SQLite, and those that ask most of a server's database on PostgreSQL as well. */
function project({ engine, include, exclude }: TestedEngine): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name: engine,
      include: [...include],
      exclude: [...exclude],
      env: { SOTTO_TEST_DATABASE: engine },
      globalSetup: engine === 'postgres' ? ['./scripts/test-postgres.ts'] : [],
    },
  };
}

/** Makes the mutations that the environment asks for. */
function mutating(mutations: ReturnType<typeof chosenMutations>): Plugin {
  return {
    name: 'mutations',
    enforce: 'pre',
    transform: (source, id) => mutate(source, mutationsOf(mutations, id)),
  };
}

/** Long suites in small files begin first, so that none of them is left alone at the end. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => /\/test\/(?:simulation|fuzz)\//.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

const mutations = chosenMutations();

export default defineConfig({
  plugins: mutations.length === 0 ? [] : [mutating(mutations)],
  test: {
    projects: testedEngines(process.env).map(project),
    env: foreignFolders(),
    // For what hangs: how slow a machine is decides no test.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
    sequence: { sequencer: LongFirst },
    // What was mutated must not be kept for other runs, nor be taken from them.
    fsModuleCache: mutations.length === 0,
    // Suites wait for processes and disks as much as they compute: two at a time even on two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
