import { once } from 'node:events';
import { duplexPair } from 'node:stream';
import { BugFault, Fault, PolicyFault } from '@sotto/bytes';
import { assert, describe, test } from 'vitest';
import { type Call, Conversation, type ConversationHandlers } from './conversation.ts';
import { encodeFrame } from './frame.ts';
import { MAX_CALLS } from './limits.ts';

function pair(onCall: ConversationHandlers['onCall'] = async () => null) {
  const [here, there] = duplexPair();
  // As with a socket: who goes is missed at the other end.
  here.once('close', () => there.destroy());
  there.once('close', () => here.destroy());
  return { client: new Conversation(here, {}), agent: new Conversation(there, { onCall }), here, there };
}

function call(conversation: Conversation, ...input: readonly unknown[]): Promise<unknown> {
  return conversation.call({ account: 'ada@example.org', area: 'box', method: 'work', input });
}

describe('calls', () => {
  test('are answered, each with its own answer, in whatever order', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { client } = pair(async ({ input: [n] }: Call) => {
      await gates[n as number]?.promise;
      return { n };
    });
    const first = call(client, 0);
    const second = call(client, 1);
    gates[1]?.resolve();
    assert.deepEqual(await second, { n: 1 });
    gates[0]?.resolve();
    assert.deepEqual(await first, { n: 0 });
  });

  test('end with the fault of the other side', async () => {
    const detail = { retryAfterSeconds: 3 };
    const { client } = pair(async () => {
      throw new PolicyFault('throttled', 'too often', { detail });
    });
    const fault = await rejection(call(client));
    assert.deepInclude(fault, { code: 'throttled', blame: 'policy', message: 'too often', detail });
  });

  test('end as a bug, without a stack, for what is no fault', async () => {
    const { client } = pair(async () => {
      throw new TypeError('x is not a function');
    });
    const fault = await rejection(call(client));
    assert.deepInclude(fault, { code: 'bug', message: 'internal fault: x is not a function' });
  });

  test('with what does not travel never leave', async () => {
    const asked: Call[] = [];
    const { client } = pair(async (each) => asked.push(each));
    assert.instanceOf(await rejection(call(client, new Map())), BugFault);
    assert.isEmpty(asked);
  });
});

describe('what is lent', () => {
  test('is run on the side that lent it, until the call ends', async () => {
    const kept: ((...input: readonly unknown[]) => Promise<unknown>)[] = [];
    const { client } = pair(async ({ input: [source] }) => {
      const { read } = source as { readonly read: (offset: number) => Promise<unknown> };
      kept.push(read as never);
      return [await read(0), await read(3)];
    });
    const read = (offset: number): Uint8Array => Uint8Array.of(offset, offset + 1);
    assert.deepEqual(await call(client, { read }), [Uint8Array.of(0, 1), Uint8Array.of(3, 4)]);
    assert.strictEqual((await rejection(kept[0]?.(0) as Promise<unknown>)).code, 'agent-method-unknown');
  });

  test('tells of progress without being waited for', async () => {
    const { client } = pair(async ({ input: [progress] }) => {
      (progress as (step: string) => void)('halfway');
      (progress as (step: string) => void)('done');
      return null;
    });
    const steps: string[] = [];
    await call(client, (step: string) => {
      steps.push(step);
      throw new Error('the terminal is gone');
    });
    assert.deepEqual(steps, ['halfway', 'done']);
  });

  test('a signal aborts on the other side', async () => {
    const { client } = pair(async ({ input: [signal] }) => {
      await once(signal as AbortSignal, 'abort');
      return 'aborted';
    });
    const controller = new AbortController();
    const answer = call(client, controller.signal);
    controller.abort();
    assert.strictEqual(await answer, 'aborted');
    assert.isTrue(
      await call(pair(async ({ input: [signal] }) => (signal as AbortSignal).aborted).client, AbortSignal.abort()),
    );
  });

  test('an iteration gives its items one by one, and ends when it is left', async () => {
    const given: number[] = [];
    const left = Promise.withResolvers<void>();
    async function* count(): AsyncIterable<number> {
      try {
        for (let n = 0; ; n++) {
          given.push(n);
          yield n;
        }
      } finally {
        left.resolve();
      }
    }
    const { client } = pair(async () => count());
    const taken: number[] = [];
    for await (const n of (await call(client)) as AsyncIterable<number>) {
      taken.push(n);
      if (n === 2) break;
    }
    await left.promise;
    assert.deepEqual(
      [taken, given],
      [
        [0, 1, 2],
        [0, 1, 2],
      ],
    );
  });
});

describe('the end of the other side', () => {
  test('is told to whoever waits', async () => {
    const { client, there } = pair(() => new Promise(() => {}));
    const answer = rejection(call(client));
    there.destroy();
    assert.strictEqual((await answer).code, 'agent-lost');
    assert.strictEqual((await rejection(call(client))).code, 'agent-lost');
  });

  test('aborts what it had lent', async () => {
    const aborted = Promise.withResolvers<boolean>();
    const { client, here } = pair(async ({ input: [signal] }) => {
      await once(signal as AbortSignal, 'abort');
      aborted.resolve(true);
      return null;
    });
    const answer = rejection(call(client, new AbortController().signal));
    await new Promise(setImmediate);
    here.destroy();
    assert.isTrue(await aborted.promise);
    assert.strictEqual((await answer).code, 'agent-lost');
  });

  test('after all answers, if it only finishes', async () => {
    const gate = Promise.withResolvers<string>();
    const { client, agent } = pair(() => gate.promise);
    const answer = call(client);
    await new Promise(setImmediate);
    agent.finish();
    gate.resolve('in time');
    assert.strictEqual(await answer, 'in time');
  });
});

describe('the other side breaks the rules', () => {
  test.each([
    ['an answer that nobody asked for', { type: 'result', id: 7, value: null }],
    ['no message of the protocol', { type: 'eval', code: '1' }],
  ])('%s', async (_, message) => {
    const { promise, resolve } = Promise.withResolvers<Fault | null>();
    const [here, there] = duplexPair();
    new Conversation(here, { onClose: resolve });
    there.write(encodeFrame(message));
    assert.strictEqual((await promise)?.code, 'agent-frame-malformed');
    assert.isTrue(here.destroyed);
  });

  test('more calls at once than are allowed', async () => {
    const { client } = pair(() => new Promise(() => {}));
    const calls = Array.from({ length: MAX_CALLS + 1 }, () => rejection(call(client)));
    for (const fault of await Promise.all(calls)) assert.strictEqual(fault.code, 'agent-lost');
  });

  test('a client answers no calls', async () => {
    const { agent } = pair();
    assert.strictEqual((await rejection(call(agent))).code, 'agent-method-unknown');
  });
});

async function rejection(promise: Promise<unknown>): Promise<Fault> {
  const cause = await promise.then(
    () => assert.fail('it must be refused'),
    (fault: unknown) => fault,
  );
  if (cause instanceof Fault) return cause;
  throw cause;
}
