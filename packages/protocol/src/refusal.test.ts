import { readFileSync } from 'node:fs';
import { BugFault, PeerFault } from '@sotto/bytes';
import { assert, test } from 'vitest';
import { refusalOf } from './refusal.ts';

const page = readFileSync(new URL('../../../docs/spec/roster.md', import.meta.url), 'utf8');
const section = page.slice(page.indexOf('## What a refusal means'), page.indexOf('*Skip*'));
const rows = [...section.matchAll(/^\| (`.+`|any other) \|([^|]*)\|([^|]*)\|$/gm)].flatMap(
  ([, codes = '', statement = '', record = '']) =>
    codes === 'any other'
      ? [{ code: 'role-insufficient', statement, record }]
      : [...codes.matchAll(/`([a-z-]+)`/g)].map(([, code = '']) => ({ code, statement, record })),
);

test('the table of docs/spec/roster.md has every code that is not skipped', () => {
  assert.strictEqual(rows.length, 12);
});

test.each(rows)('$code', ({ code, statement, record }) => {
  const fault = new PeerFault(code, 'refused');
  const word = (kind: 'statement' | 'record') =>
    new RegExp(`^${{ wait: '(wait|ask again)', skip: 'skip', halt: 'halt' }[refusalOf(fault, kind)]}`);
  if (statement.trim() !== '') assert.match(statement.trim(), word('statement'));
  assert.match(record.trim(), word('record'));
});

test('what this program believes impossible stops it', () => {
  assert.strictEqual(refusalOf(new BugFault('never'), 'record'), 'halt');
});
