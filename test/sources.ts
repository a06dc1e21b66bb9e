import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository's root, with a slash at its end. */
export const root: string = fileURLToPath(new URL('..', import.meta.url));

/** One source file of ours. */
export interface SourceFile {
  /** From the root, with slashes. */
  readonly path: string;
  readonly text: string;
  /** Text without comments. */
  readonly code: string;
  /** Every module that it names, for values and for types. */
  readonly imports: readonly string[];
  readonly isTest: boolean;
}

/** All TypeScript sources under a folder of the repository. */
export function readSources(folder: string): readonly SourceFile[] {
  return listFiles(folder)
    .filter((path) => /\.tsx?$/.test(path))
    .map(readSource);
}

/** Paths of all files under a folder, from the root, without what is installed or generated. */
export function listFiles(folder: string): readonly string[] {
  return readdirSync(`${root}${folder}`, { withFileTypes: true }).flatMap((entry) => {
    if (passedOver.has(entry.name)) return [];
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return listFiles(path);
    return entry.isFile() ? [path] : [];
  });
}

/** Rows of the table in a Markdown text whose first heading cell is `first` and whose headings include `also`. */
export function readTable(text: string, first: string, also: string): readonly Readonly<Record<string, string>>[] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => cells(line)[0] === first && cells(line).includes(also));
  if (start < 0) throw new Error(`no table of ${first} with ${also}`);
  const headings = cells(lines[start]);
  const end = lines.findIndex((line, i) => i > start && !line.startsWith('|'));
  return lines
    .slice(start + 2, end < 0 ? undefined : end)
    .map((line) => Object.fromEntries(cells(line).map((cell, i) => [headings[i] ?? '', cell])));
}

/** The words in backticks. */
export function codeWords(cell: string | undefined): readonly string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
}

function readSource(path: string): SourceFile {
  const text = readFileSync(`${root}${path}`, 'utf8');
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
  return { path, text, code, imports: readImports(code), isTest: testPaths.test(path) };
}

function readImports(code: string): readonly string[] {
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1] ?? ''));
}

function cells(line: string | undefined): readonly string[] {
  return (line ?? '')
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** Static imports and re-exports begin a line, since the formatter sees to it; calls and types stand anywhere. */
const patterns = [
  /^(?:import|export)\b[^;'"]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^import\s*['"]([^'"]+)['"]/gm,
  /\b(?:import|require|import\.meta\.resolve)\(\s*['"]([^'"]+)['"]/g,
];

const passedOver = new Set(['node_modules', '.git', '.data', 'dist', 'coverage', '.install.lock']);

const testPaths = /\.(test|fixture|entry)\.ts$|^packages\/testing\//;
