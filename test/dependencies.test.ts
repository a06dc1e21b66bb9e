import { readFileSync } from 'node:fs';
import { assert, test } from 'vitest';
import { codeWords, listFiles, readSources, readTable, root } from './sources.ts';

test('every dependency has its line, and every line its dependency', () => {
  const shipped = namesIn('dependencies');
  const development = namesIn('devDependencies').filter((name) => !shipped.includes(name));
  assert.deepEqual([...lines('## Shipped').keys()].toSorted(), shipped);
  assert.deepEqual([...lines('## Development only').keys()].toSorted(), development);
});

test('what benches compare with has its lines as well, and is imported by them alone', () => {
  const listed = lines('## Benchmarks only');
  assert.deepEqual([...listed.keys()].toSorted(), Object.keys(bench.manifest.dependencies ?? {}).toSorted());
  for (const [name, licence] of listed)
    assert.strictEqual(licence, bench.locked[`node_modules/${name}`]?.license, name);
  for (const { path, imports } of [...readSources('packages'), ...readSources('test'), ...readSources('scripts')]) {
    for (const name of listed.keys()) assert.notInclude(imports, name, path);
  }
});

test('the licence in the line is the one that the package declares', () => {
  for (const section of ['## Shipped', '## Development only']) {
    for (const [name, licence] of lines(section)) {
      const declared = locked.filter(([path]) => path.endsWith(`node_modules/${name}`));
      assert.notEqual(declared.length, 0, name);
      for (const [path, { license }] of declared) assert.strictEqual(licence, license ?? licenceInFile(path), path);
    }
  }
});

test('pins are exact', () => {
  for (const { path, dependencies, devDependencies } of [...manifests, bench.manifest]) {
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, `${path}: ${name}`);
    }
  }
});

test('the lock file names no host, and has a digest for everything but tools of other platforms', () => {
  assert.isAbove(locked.length, 0);
  for (const [path, { resolved, link, integrity, ...entry }] of [...locked, ...Object.entries(bench.locked)]) {
    if (path === '') continue;
    if (link) assert.match(resolved ?? '', /^packages\/[a-z-]+$/, path);
    else {
      assert.isUndefined(resolved, path);
      const foreignTool = entry.dev && entry.optional && entry.os !== undefined && !isOurs(entry);
      if (!foreignTool) assert.match(integrity ?? '', /^sha512-/, path);
    }
  }
  for (const text of [lockText, bench.lockText]) assert.notMatch(text, /"https?:\/\/[^"]*(registry|\.tgz)/);
});

test('what ships is under a permissive licence', () => {
  const allowed = codeWords(page.slice(page.indexOf('## Licences that may ship')));
  for (const [path, { dev, link, license }] of locked) {
    if (!dev && !link) assert.include(allowed, firstChoice(license ?? licenceInFile(path)), path);
  }
});

/** The package of benches: no workspace, so it has a lock file of its own. */
function readBench(): {
  readonly manifest: Manifest;
  readonly lockText: string;
  readonly locked: Readonly<Record<string, LockedPackage>>;
} {
  const read = (file: string): string => readFileSync(`${root}bench/${file}`, 'utf8');
  const lockText = read('package-lock.json');
  const manifest = { path: 'bench/package.json', ...JSON.parse(read('package.json')) };
  return { manifest, lockText, locked: JSON.parse(lockText).packages };
}

/** Of a package whose manifest names none. */
function licenceInFile(path: string): string | undefined {
  return /^MIT License\b/.test(readFileSync(`${root}${path}/LICENSE`, 'utf8')) ? 'MIT' : undefined;
}

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
const bench = readBench();
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
