import type { Connection } from './sqlite.ts';

/** A table of the schema, as both engines have it. */
export interface PortableTable {
  readonly name: string;
  readonly columns: readonly string[];
}

/** The tables of a database in the order of their making: each stands behind those that it refers to. */
export function portableTables(connection: Connection): readonly PortableTable[] {
  const names = connection
    .prepare(
      "select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\' order by rowid",
    )
    .all() as { readonly name: string }[];
  const columns = connection.prepare('select name from pragma_table_info(?) order by cid');
  return names.map(({ name }) => ({
    name,
    columns: (columns.all(name) as { readonly name: string }[]).map((column) => column.name),
  }));
}

/** A name as both engines take it, whatever their keywords are. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Names with commas between them. */
export function quotedList(names: readonly string[]): string {
  return names.map(quoted).join(', ');
}
