import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, describe, test } from 'vitest';
import { shortcutText } from './shortcut-text.ts';
import { ariaKeys, keysOf, type Pressed, pressedShortcut, shortcuts } from './shortcuts.ts';

const guide = readFileSync(join(import.meta.dirname, '../../../../docs/user-guide.md'), 'utf8');

describe('shortcuts', () => {
  test.each(shortcuts)('$keys is $id, and nothing else in its place', ({ id, keys, scope }) => {
    assert.strictEqual(pressedShortcut(pressed(keys), scope), id);
    const others = shortcuts.filter((each) => each.scope === scope || each.scope === 'everywhere');
    assert.deepEqual(
      others.filter((each) => each.keys === keys).map((each) => each.id),
      [id],
    );
  });

  test('letters stay letters with any other key held', () => {
    const letters = shortcuts.filter(({ keys }) => /^[A-Z]$/.test(keys));
    assert.isAbove(letters.length, 5);
    for (const { keys, scope } of letters) {
      for (const held of ['ctrlKey', 'metaKey', 'altKey', 'shiftKey'] as const) {
        assert.isNull(pressedShortcut({ ...pressed(keys), [held]: true }, scope), `${held} ${keys}`);
      }
    }
  });

  test('a sign is found wherever a keyboard has it', () => {
    assert.strictEqual(pressedShortcut({ ...pressed('Ctrl+/'), shiftKey: true }, 'everywhere'), 'help');
    assert.strictEqual(pressedShortcut({ ...pressed('+'), shiftKey: true }, 'message'), 'react');
  });

  test('Command stands in for Ctrl on a Mac', () => {
    assert.strictEqual(pressedShortcut({ ...pressed('Mod+K'), ctrlKey: false, metaKey: true }, 'everywhere'), 'find');
    assert.isNull(pressedShortcut({ ...pressed('Mod+K'), metaKey: true }, 'everywhere'));
    assert.deepEqual(keysOf('find', true), ['⌘', 'K']);
    assert.deepEqual(keysOf('react', false), ['+']);
    assert.strictEqual(ariaKeys('find'), 'Control+K Meta+K');
    assert.strictEqual(ariaKeys('upload'), 'Control+Shift+U');
  });

  test('the user guide has the same table', () => {
    const rows = [...guide.slice(guide.indexOf('\n## Keyboard\n')).matchAll(/^\| `(.+?)` \| (.+?) \| (.+?) \|$/gm)].map(
      (row) => row.slice(1),
    );
    const { does, scopes } = shortcutText.en;
    assert.deepEqual(
      rows,
      shortcuts.map(({ id, keys, scope }) => [keys, scopes[scope], does[id]]),
    );
  });
});

function pressed(keys: string): Pressed {
  const parts = keys === '+' ? ['+'] : keys.split('+');
  const key = parts.at(-1) ?? '';
  return {
    key: /^[A-Z]$/.test(key) ? key.toLowerCase() : key,
    ctrlKey: parts.includes('Ctrl') || parts.includes('Mod'),
    metaKey: false,
    altKey: parts.includes('Alt'),
    shiftKey: parts.includes('Shift'),
  };
}
