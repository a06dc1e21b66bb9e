import type { DatabaseAddress } from './url.ts';

/**
 * The password for an address in the text of a PGPASSFILE: lines of `host:port:database:user:password`, `*` for any, a
 * backslash before `:` and `\`. Null if no line fits. (PostgreSQL documentation, "The Password File".)
 */
export function findPassword(text: string, { host, port, database, user }: DatabaseAddress): string | null {
  const wanted = [host, String(port), database, user];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    const fields = [...line.matchAll(/((?:\\.|[^:\\])*)(?::|$)/g)].map(([, field = '']) => field);
    const password = fields[wanted.length];
    const fits = wanted.every((value, index) => fields[index] === '*' || plain(fields[index]) === value);
    if (password !== undefined && fits) return plain(password);
  }
  return null;
}

function plain(field = ''): string {
  return field.replaceAll(/\\(.)/g, '$1');
}
