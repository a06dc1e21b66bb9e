import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * A change of one place of the sources that shows what a test is worth: with the check gone, or the bug planted, it
 * must fail. The text is replaced while the source is loaded; nothing on the disk changes.
 */
export interface Mutation {
  /** From the root of the repository, as `packages/protocol/src/record.ts`. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

/** The environment in which tests and programs run with mutations. */
export function mutationEnv(mutations: readonly Mutation[]): Readonly<Record<string, string>> {
  const hook = new URL('mutation-hook.ts', import.meta.url);
  return { SOTTO_MUTATION: JSON.stringify(mutations), NODE_OPTIONS: `--import=${hook.href}` };
}

/** The mutations that the environment asks for. */
export function chosenMutations(env: NodeJS.ProcessEnv = process.env): readonly Mutation[] {
  const text = env['SOTTO_MUTATION'];
  return text === undefined ? [] : JSON.parse(text);
}

/** Those of the mutations that change the file at `path`, absolute. */
export function mutationsOf(mutations: readonly Mutation[], path: string): readonly Mutation[] {
  return mutations.filter(({ file }) => path === root + file);
}

/** The source with the mutations made; throws if the text of one is not there exactly once. */
export function mutate(source: string, mutations: readonly Mutation[]): string {
  return mutations.reduce((text, { file, find, replace }) => {
    const [before, after, ...more] = text.split(find);
    if (before === undefined || after === undefined || more.length > 0)
      throw new Error(`${file}: ${JSON.stringify(find)} is there ${more.length + (after === undefined ? 0 : 1)} times`);
    return before + replace + after;
  }, source);
}

/** Throws unless the mutations can be made to the sources as they are. */
export function checkMutations(mutations: readonly Mutation[]): void {
  for (const file of new Set(mutations.map((mutation) => mutation.file)))
    mutate(readFileSync(root + file, 'utf8'), mutationsOf(mutations, root + file));
}

const root = fileURLToPath(new URL('../..', import.meta.url));
