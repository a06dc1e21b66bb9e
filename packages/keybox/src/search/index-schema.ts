/**
 * The full-text index of the `history` part. It holds words and positions, no texts, and follows its sources by
 * triggers: within the very transaction that changes a text, whoever changes it and why. Records that do not open have
 * no text and never enter. Messages have positive numbers; a file of number d has -2d for its name and -2d - 1 for its
 * text.
 */
export const searchSchema: readonly string[] = [
  `CREATE VIRTUAL TABLE search_index USING fts5(text, content='', prefix='2 3', tokenize="unicode61 remove_diacritics 2 categories 'L* M* N* Co'")`,
  // A word that was deleted leaves no trace in the index.
  "INSERT INTO search_index (search_index, rank) VALUES ('secure-delete', 1)",
  'CREATE TABLE file_text (doc INTEGER PRIMARY KEY, text TEXT NOT NULL)',
  ...followed('message', (row) => ({ number: `${row}.doc`, text: `${row}.text` })),
  ...followed('file', (row) => ({ number: `-2 * ${row}.doc`, text: `${row}.name` })),
  ...followed('file_text', (row) => ({ number: `-2 * ${row}.doc - 1`, text: `${row}.text` })),
  'CREATE TABLE search_coverage (room BLOB PRIMARY KEY, total INTEGER NOT NULL, indexed INTEGER NOT NULL, listed INTEGER NOT NULL DEFAULT 0)',
  ...counted(),
  'CREATE TRIGGER file_takes_its_text AFTER DELETE ON file BEGIN DELETE FROM file_text WHERE doc = old.doc; END',
];

type EntryOf = (row: 'old' | 'new') => { readonly number: string; readonly text: string };

/** Statements that keep the index equal to a column of a table. An entry is taken out by the words that went in. */
function followed(table: string, entryOf: EntryOf): string[] {
  const [before, after] = [entryOf('old'), entryOf('new')];
  const put = `INSERT INTO search_index (rowid, text) SELECT ${after.number}, ${after.text} WHERE ${after.text} <> '';`;
  const take = `INSERT INTO search_index (search_index, rowid, text) SELECT 'delete', ${before.number}, ${before.text} WHERE ${before.text} <> '';`;
  return [
    `CREATE TRIGGER ${table}_enters_search AFTER INSERT ON ${table} BEGIN ${put} END`,
    `CREATE TRIGGER ${table}_changes_in_search AFTER UPDATE ON ${table} WHEN ${before.text} IS NOT ${after.text} BEGIN ${take} ${put} END`,
    `CREATE TRIGGER ${table}_leaves_search AFTER DELETE ON ${table} BEGIN ${take} END`,
  ];
}

/** Statements that keep count of what is there and what of it can be found, so that nobody has to count it. */
function counted(): string[] {
  const count = (row: 'old' | 'new', sign: '+' | '-'): string =>
    `UPDATE search_coverage SET total = total ${sign} (${row}.deleted = 0),
      indexed = indexed ${sign} (${row}.deleted = 0 AND ${row}.code IS NULL) WHERE room = ${row}.room;`;
  const list = (row: 'old' | 'new', sign: '+' | '-'): string =>
    `UPDATE search_coverage SET listed = listed ${sign} 1 WHERE room = ${row}.room;`;
  const begin =
    'INSERT INTO search_coverage (room, total, indexed) VALUES (new.room, 0, 0) ON CONFLICT (room) DO NOTHING;';
  return [
    `CREATE TRIGGER message_counts AFTER INSERT ON message BEGIN ${begin} ${count('new', '+')} ${list('new', '+')} END`,
    `CREATE TRIGGER message_counts_anew AFTER UPDATE OF deleted, code ON message BEGIN ${count('old', '-')} ${count('new', '+')} END`,
    `CREATE TRIGGER message_counts_no_more AFTER DELETE ON message BEGIN ${count('old', '-')} ${list('old', '-')} END`,
  ];
}
