import type { KnipConfig } from 'knip';
import bench from './bench/package.json' with { type: 'json' };

const library = { entry: ['src/**/*.test.ts'], project: ['src/**/*.ts'] };
const program = { entry: ['src/main.ts', 'src/**/*.test.ts'], project: ['src/**/*.ts'] };

const config: KnipConfig = {
  workspaces: {
    '.': {
      entry: [
        'scripts/{attacks,bench,build,check,formal,fuzz,simulate,test,test-postgres}.ts',
        'bench/{*,support/{run-one,seal-file}}.ts',
        'test/**/*.{test,entry}.ts',
        'test/support/mutation-hook.ts',
      ],
      project: ['scripts/**/*.ts', 'bench/**/*.ts', 'test/**/*.ts', '*.ts'],
    },
    'packages/*': library,
    'packages/cli': program,
    'packages/home': program,
    'packages/web': {
      entry: [
        'src/main.tsx',
        'src/app/vault-worker.ts',
        'src/preview/main.ts',
        'src/service-worker/main.ts',
        'src/**/*.{test,entry}.{ts,tsx}',
        'vite.config.ts',
      ],
      project: ['src/**/*.{ts,tsx}', '*.ts'],
    },
  },
  // One number may bear the names of two RFCs.
  exclude: ['duplicates'],
  // Run by name: the runtime by bin/, the formatter by scripts/check.ts, the package manager of Debian by scripts/peers.ts.
  // What benches compare with is installed when they run.
  ignoreDependencies: ['node', '@biomejs/biome', ...Object.keys(bench.dependencies)],
  ignoreBinaries: [
    'aplay',
    'apt-get',
    'arecord',
    'dpkg',
    'gcc',
    'linphonec',
    'setpriv',
    'openssl',
    'prosody',
    'sqlcipher',
  ],
};

export default config;
