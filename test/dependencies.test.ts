import { readFileSync } from 'node:fs';
import { assert, test } from 'vitest';
import { codeWords, listFiles, readTable, root } from './sources.ts';

test('every dependency has its line, and every line its dependency', () => {
  const shipped = namesIn('dependencies');
  const development = namesIn('devDependencies').filter((name) => !shipped.includes(name));
  assert.deepEqual([...lines('## Shipped').keys()].toSorted(), shipped);
  assert.deepEqual([...lines('## Development only').keys()].toSorted(), development);
});

test('the licence in the line is the one that the package declares', () => {
  for (const section of ['## Shipped', '## Development only']) {
    for (const [name, licence] of lines(section)) {
      const declared = locked.filter(([path]) => path.endsWith(`node_modules/${name}`));
      assert.notEqual(declared.length, 0, name);
      for (const [path, { license }] of declared) assert.strictEqual(licence, license, path);
    }
  }
});

test('pins are exact', () => {
  for (const { path, dependencies, devDependencies } of manifests) {
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, `${path}: ${name}`);
    }
  }
});

test('the lock file names no host, and has a digest for everything but tools of other platforms', () => {
  assert.isAbove(locked.length, 0);
  for (const [path, { resolved, link, integrity, ...entry }] of locked) {
    if (link) assert.match(resolved ?? '', /^packages\/[a-z-]+$/, path);
    else {
      assert.isUndefined(resolved, path);
      const foreignTool = entry.dev && entry.optional && entry.os !== undefined && !isOurs(entry);
      if (!foreignTool) assert.match(integrity ?? '', /^sha512-/, path);
    }
  }
  assert.notMatch(lockText, /"https?:\/\/[^"]*(registry|\.tgz)/);
});

test('what ships is under a permissive licence', () => {
  const allowed = codeWords(page.slice(page.indexOf('## Licences that may ship')));
  for (const [path, { dev, link, license }] of locked) {
    if (!dev && !link) assert.include(allowed, firstChoice(license), path);
  }
});

/** Of `(A OR B)` the licence that we take. */
function firstChoice(license: string | undefined): string | undefined {
  return license?.replace(/^\((.+)\)$/, '$1').split(' OR ')[0];
}

interface Manifest {
  readonly path: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

interface LockedPackage {
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly license?: string;
  readonly resolved?: string;
  readonly integrity?: string;
}

const page = readFileSync(`${root}docs/dependencies.md`, 'utf8');
const lockText = readFileSync(`${root}package-lock.json`, 'utf8');
const lock: { readonly packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(lockText);
const locked = Object.entries(lock.packages).filter(([path]) => path.includes('node_modules/'));
const manifests: readonly Manifest[] = ['package.json', ...listFiles('packages')]
  .filter((path) => /(^|^packages\/[^/]+\/)package\.json$/.test(path))
  .map((path) => ({ path, ...JSON.parse(readFileSync(`${root}${path}`, 'utf8')) }));

/** Of the platform that the project is judged on. */
function isOurs({ os, cpu, libc }: LockedPackage): boolean {
  return os?.includes('linux') === true && cpu?.includes('x64') === true && libc?.includes('glibc') !== false;
}

/** Names that the manifests list under a key, our own packages left out. */
function namesIn(key: 'dependencies' | 'devDependencies'): readonly string[] {
  const names = manifests.flatMap((manifest) => Object.keys(manifest[key] ?? {}));
  return [...new Set(names)].filter((name) => !name.startsWith('@sotto/')).toSorted();
}

/** Package and licence of each line under a heading; a line without a reason fails. */
function lines(heading: string): ReadonlyMap<string, string> {
  const rows = readTable(page.slice(page.indexOf(`${heading}\n`)), 'Package', 'Licence');
  return new Map(
    rows.map((row) => {
      const name = codeWords(row['Package'])[0] ?? '';
      assert.isAbove(row['Reason']?.length ?? 0, 10, name);
      return [name, row['Licence'] ?? ''];
    }),
  );
}
