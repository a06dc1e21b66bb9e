import { assert, test } from 'vitest';
import { messageLine } from './quote.ts';

test.each<[text: string, line: string]>([
  ['the **needle** in `hay`', 'the needle in hay'],
  ['> said\n- one\n- **two**\n\n```ts\ncode();\n```', 'said one · two code();'],
  [`**${'bold '.repeat(100)}end**`, `${'bold '.repeat(32).trimEnd()}…`],
])('the line of a message has no sign of its markdown: %j', (text, line) => {
  assert.strictEqual(messageLine(text), line);
});
