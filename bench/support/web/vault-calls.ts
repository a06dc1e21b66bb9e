import type { Page } from 'playwright-core';

/** Calls of a page to the vaults of its browser, as another tab makes them: by the worker's channels. */
export async function connectTab(page: Page): Promise<void> {
  await page.evaluate(CONNECT);
}

/** What a method of the box answers. */
export async function callBox<Answer>(page: Page, path: readonly string[], input: readonly unknown[]): Promise<Answer> {
  return (await page.evaluate(`benchBox(${JSON.stringify(path)}, ${JSON.stringify(input)})`)) as Answer;
}

/** Milliseconds that each of several calls of a method took, from the page and back to it. */
export async function timeBox(
  page: Page,
  path: readonly string[],
  inputs: readonly (readonly unknown[])[],
): Promise<readonly number[]> {
  const times = await page.evaluate(`(async () => {
    const times = [];
    for (const input of ${JSON.stringify(inputs)}) {
      const begun = performance.now();
      await benchBox(${JSON.stringify(path)}, input);
      times.push(performance.now() - begun);
    }
    return times;
  })()`);
  return times as number[];
}

const CONNECT = `new Promise((resolve) => {
  const tab = crypto.randomUUID();
  const answers = new BroadcastChannel('sotto/tab/' + tab);
  const waiting = new Map();
  answers.onmessage = ({ data }) => {
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  };
  const control = new BroadcastChannel('sotto/control');
  control.onmessage = ({ data }) => data.kind === 'welcome' && data.tab === tab && resolve();
  control.postMessage({ kind: 'hello', tab });
  window.benchBox = async (path, input) => {
    const id = crypto.randomUUID();
    const answer = new Promise((done) => waiting.set(id, done));
    const argumentList = input.map((value) => ({ type: 'RAW', value }));
    answers.postMessage({ id, type: 'APPLY', path: ['box', ...path], argumentList });
    const { type, value } = await answer;
    if (type !== 'RAW') throw new Error(JSON.stringify(value));
    return value;
  };
})`;
