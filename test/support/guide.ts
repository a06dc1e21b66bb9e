import { assert } from 'vitest';
import { runProgram } from './program.ts';

/** Pastes a block into a shell that knows `prelude`; gives everything that shows up there. */
export async function paste(prelude: string, block: string, expected = 0): Promise<string> {
  const { code, stdout } = await runProgram('sh', ['-c', `exec 2>&1\nset -e\n${prelude}\n${block}`]);
  const text = stdout.toString();
  assert.strictEqual(code, expected, text);
  return text;
}

/** The text from a heading to the next of its level. */
export function section(page: string, heading: string): string {
  const start = page.indexOf(`${heading}\n`);
  assert.isAtLeast(start, 0, heading);
  return page.slice(start, page.indexOf('\n## ', start + heading.length));
}

/** The code between fences, without what indents them. */
export function shellBlocks(text: string): readonly string[] {
  return [...text.matchAll(/^( *)```sh\n([\s\S]*?)^ *```$/gm)].map(([, indent = '', block = '']) =>
    block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
}
