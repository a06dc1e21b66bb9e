import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { foreignFolders } from './scripts/foreign.ts';

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'],
    env: foreignFolders(),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Suites wait for processes and disks as much as they compute: two at a time even on two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
