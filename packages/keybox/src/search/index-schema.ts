/**
 * The full-text index of the `history` part. It holds words and positions, no texts, and follows its sources by
 * triggers: within the very transaction that changes a text, whoever changes it and why. Records that do not open have
 * no text and never enter. Messages have positive numbers, files negative ones.
 */
export const searchSchema: readonly string[] = [
  `CREATE VIRTUAL TABLE search_index USING fts5(text, content='', prefix='2 3', tokenize="unicode61 remove_diacritics 2 categories 'L* M* N* Co'")`,
  // A word that was deleted leaves no trace in the index.
  "INSERT INTO search_index (search_index, rank) VALUES ('secure-delete', 1)",
  ...followed({ table: 'message', text: (row) => `${row}.text` }),
];

/** Statements that keep the index equal to a column of a table. An entry is taken out by the words that went in. */
function followed({ table, text }: { readonly table: string; readonly text: (row: string) => string }): string[] {
  const put = `INSERT INTO search_index (rowid, text) SELECT new.doc, ${text('new')} WHERE ${text('new')} <> '';`;
  const take = `INSERT INTO search_index (search_index, rowid, text) SELECT 'delete', old.doc, ${text('old')} WHERE ${text('old')} <> '';`;
  return [
    `CREATE TRIGGER ${table}_enters_search AFTER INSERT ON ${table} BEGIN ${put} END`,
    `CREATE TRIGGER ${table}_changes_in_search AFTER UPDATE ON ${table} WHEN ${text('old')} IS NOT ${text('new')} BEGIN ${take} ${put} END`,
    `CREATE TRIGGER ${table}_leaves_search AFTER DELETE ON ${table} BEGIN ${take} END`,
  ];
}
