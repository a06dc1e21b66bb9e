import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { programPackages } from '../../scripts/peers.ts';
import { root } from '../../test/support/program.ts';
import type { Bench } from './bench.ts';

/** Where and against whom something was measured. */
export interface Circumstances {
  readonly at: string;
  readonly machine: string;
  /** Over the minute before the bench started. */
  readonly load: number;
  readonly peers: Readonly<Record<string, string>>;
}

export function circumstances({ programs = [], packages = [] }: Bench): Circumstances {
  const peers = [
    ...packages.map((name) => [name, packageVersion(name)]),
    ...programs.map((name) => [name, programVersion(name)]),
  ];
  const [cpu] = cpus();
  return {
    at: new Date().toISOString().slice(0, 16),
    machine: `${cpus().length} x ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    peers: Object.fromEntries(peers),
  };
}

function packageVersion(name: string): string {
  const text = readFileSync(`${root}bench/node_modules/${name}/package.json`, 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** What Debian says of the package that brings it; elsewhere unknown. */
function programVersion(binary: string): string {
  const { stdout } = spawnSync('dpkg', ['-s', programPackages.get(binary) ?? binary], { encoding: 'utf8' });
  return /^Version: (.+)$/m.exec(stdout ?? '')?.[1] ?? 'unknown';
}
