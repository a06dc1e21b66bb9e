import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { assert, describe, test } from 'vitest';
import { codeWords, listFiles, readSources, readTable, root, type SourceFile } from './sources.ts';

const page = readFileSync(`${root}docs/architecture.md`, 'utf8');
const layers = new Map(readTable(page, 'Layer', 'Package').map((row) => [codeWords(row['Package'])[0] ?? '', row]));
const doors = readTable(page, 'Folder', 'Door');
const places = readTable(page, 'Place', 'May use');
const files = readSources('packages').filter((file) => file.path.split('/')[2] === 'src');
const imports = files.flatMap((file) => file.imports.map((specifier) => ({ file, specifier })));
const shipped = imports.filter(({ file }) => !file.isTest);

/** How clocks, timers and chance look in a source. */
const worldly = {
  time: /\bDate\.now\b|\bnew Date\(\)|\bset(?:Timeout|Interval)\b|\bperformance\.now\b|\bhrtime\b|['"]node:timers/,
  chance: /\bMath\.random\b|\bgetRandomValues\b|\brandomUUID\b|['"]node:crypto['"]/,
};

describe('layers', () => {
  test('the table names every package and no other', () => {
    const folders = listFiles('packages').filter((path) => /^[^/]+\/[^/]+\/package\.json$/.test(path));
    assert.deepEqual([...layers.keys()].toSorted(), folders.map(packageOf).toSorted());
  });

  test('a package imports from layers below it', () => {
    assertNone(ours(), ({ file, specifier }) => {
      const [from, to] = [packageOf(file.path), specifier.split('/')[1] ?? ''];
      if (from === to) return !file.isTest && 'imports itself by name';
      if (to === 'testing') return !file.isTest && 'is no test';
      return layerOf(to) >= layerOf(from) && 'not below';
    });
  });

  test('a package.json depends on layers below it', () => {
    const wrong = [...layers.keys()].flatMap((name) =>
      Object.keys(manifest(name).dependencies ?? {})
        .filter((dependency) => dependency.startsWith('@sotto/'))
        .filter((dependency) => layerOf(dependency.slice('@sotto/'.length)) >= layerOf(name))
        .map((dependency) => `${name}: ${dependency}`),
    );
    assert.deepEqual(wrong, []);
  });

  test('a package is entered by the doors that it declares', () => {
    assertNone(ours(), ({ specifier }) => {
      const [, name = '', ...rest] = specifier.split('/');
      return !(['.', ...rest].join('/') in (manifest(name).exports ?? {})) && 'no door';
    });
  });

  test('a door beside the main one is opened by those whom the table names', () => {
    assertNone(
      ours().filter(({ file }) => !file.isTest),
      ({ file, specifier }) => {
        const door = doors.find((candidate) => candidate['Door'] === `\`${specifier}\``);
        return door !== undefined && !codeWords(door['Opened by']).includes(packageOf(file.path)) && 'not named';
      },
    );
  });

  test('a relative import stays inside its package, and outside of folders with a door of their own', () => {
    assertNone(relative(), ({ file, specifier }) => {
      const target = join(dirname(file.path), specifier);
      if (!target.startsWith(`packages/${packageOf(file.path)}/`)) return 'leaves the package';
      const entered = folderWithDoor(target);
      return !file.isTest && entered !== undefined && entered !== folderWithDoor(file.path) && 'passes by a door';
    });
  });
});

describe('what a package may touch', () => {
  test('libraries are those of the table', () => {
    const external = shipped.filter(({ specifier }) => !/^(\.|@sotto\/|node:)/.test(specifier));
    assertNone(external, ({ file, specifier }) => {
      const library = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
      return !librariesOf(file).includes(library) && 'not in the table';
    });
  });

  test('node: belongs to the packages and folders on Node', () => {
    assertNone(
      shipped.filter(({ specifier }) => specifier.startsWith('node:')),
      ({ file }) => platformOf(file) !== 'node' && 'not on Node',
    );
  });

  test('shipped code imports no test, no fixture and no vitest', () => {
    assertNone(
      shipped,
      ({ specifier }) => /\.(test|fixture)\.ts$|^vitest\b|^fast-check$/.test(specifier) && 'test code',
    );
  });

  test.each(Object.entries(worldly))('%s comes in where the table says', (kind, pattern) => {
    const wrong = files
      .filter((file) => !file.isTest && pattern.test(file.code))
      .filter((file) => !places.some((place) => isIn(file, place['Place']) && place['May use']?.includes(kind)));
    assert.deepEqual(
      wrong.map((file) => file.path),
      [],
    );
  });
});

describe('form', () => {
  test('there are no default exports', () => {
    const wrong = files.filter((file) => /^export default\b|^export \{[^}]*\bas default\b/m.test(file.code));
    assert.deepEqual(
      wrong.map((file) => file.path),
      [],
    );
  });

  test('one place knows of folders outside the repository', () => {
    const outside = ['..', 'shared'].join('/');
    const wrong = listFiles('')
      .filter((path) => !/\.(json|bin|p12|pem|der|png)$/.test(path))
      .filter((path) => readFileSync(`${root}${path}`, 'utf8').includes(outside));
    assert.deepEqual(wrong, ['scripts/foreign.ts']);
  });
});

interface Import {
  readonly file: SourceFile;
  readonly specifier: string;
}

/** Fails with one line for each import that `fault` finds something wrong with. */
function assertNone(imports: readonly Import[], fault: (one: Import) => string | false): void {
  assert.notEqual(imports.length, 0, 'nothing was examined');
  const wrong = imports.flatMap((one) => {
    const found = fault(one);
    return found === false ? [] : [`${one.file.path}: ${one.specifier}: ${found}`];
  });
  assert.deepEqual(wrong, []);
}

function ours(): readonly Import[] {
  return imports.filter(({ specifier }) => specifier.startsWith('@sotto/'));
}

function relative(): readonly Import[] {
  return imports.filter(({ specifier }) => specifier.startsWith('.'));
}

function packageOf(path: string): string {
  return path.split('/')[1] ?? '';
}

/** Its layer's number; `testing` stands above all. */
function layerOf(name: string): number {
  const layer = layers.get(name)?.['Layer'];
  if (layer === undefined) throw new Error(`no such package: ${name}`);
  return layer === '-' ? Number.POSITIVE_INFINITY : Number(layer);
}

function platformOf(file: SourceFile): string | undefined {
  return (doors.find((door) => isIn(file, door['Folder'])) ?? layers.get(packageOf(file.path)))?.['Platform'];
}

function librariesOf(file: SourceFile): readonly string[] {
  const door = doors.find((candidate) => isIn(file, candidate['Folder']));
  return [...codeWords(layers.get(packageOf(file.path))?.['Libraries']), ...codeWords(door?.['Libraries'])];
}

function folderWithDoor(path: string): string | undefined {
  return doors.flatMap((door) => codeWords(door['Folder'])).find((folder) => path.startsWith(`${folder}/`));
}

function isIn(file: SourceFile, cell: string | undefined): boolean {
  return codeWords(cell).some((folder) => file.path.startsWith(`${folder}/`));
}

function manifest(name: string): {
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
} {
  return JSON.parse(readFileSync(`${root}packages/${name}/package.json`, 'utf8'));
}
