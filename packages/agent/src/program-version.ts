import { readFileSync } from 'node:fs';

/** The version of the program that both ends must have: methods and their shapes belong to it. */
export function programVersion(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}
