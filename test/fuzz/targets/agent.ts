import { decodeCbor, encodeCbor } from '@sotto/bytes';
import { encodeFrame, FrameReader } from '../../../packages/agent/src/frame.ts';
import { encodeMessage, type Message, parseMessage } from '../../../packages/agent/src/message.ts';
import { decodeFault, encodeFault } from '../../../packages/agent/src/remote-fault.ts';
import { type Borrower, decodeValue } from '../../../packages/agent/src/value.ts';
import { type Target, Violation } from '../target.ts';

const messages: readonly Message[] = [
  { type: 'hello', v: 1, version: '0.1.0', pid: 7 },
  { type: 'call', id: 1, account: null, area: 'rooms', method: 'list', input: [{ a: 1 }] },
  { type: 'invoke', id: 1, ref: 2, input: [] },
  { type: 'result', id: 1, value: { $: 'bigint', text: '12' } },
  { type: 'fault', id: 1, fault: { code: 'not-found', blame: 'usage', message: 'no', detail: { n: 1 } } },
  { type: 'abort', ref: 2 },
];
const values = [
  ...[{ $: 'undefined' }, { $: 'number', text: '1.5' }, { $: 'bigint', text: '-12' }, { $: 'function', ref: 1 }],
  ...[
    { $: 'signal', ref: 1, aborted: true },
    { $: 'iteration', next: 1, end: 2 },
  ],
  { $: 'fault', fault: { code: 'not-found', blame: 'usage', message: 'no', detail: { n: 1 } } },
  { $: 'object', entries: [['__proto__', 1]] },
  { a: [1, { b: null }] },
];
const borrower: Borrower = {
  borrowFunction: () => async () => null,
  borrowSignal: () => new AbortController().signal,
  giveBack: () => undefined,
};

/** What goes over the agent's socket. */
export const agent: Target = {
  name: 'agent',
  sources: ['frame', 'message', 'value', 'remote-fault'].map((name) => `packages/agent/src/${name}.ts`),
  parsers: [
    {
      name: 'frames',
      shape: 'bytes',
      seeds: messages.map((message) => encodeFrame(encodeMessage(message))),
      parse: (input) => {
        const whole = new FrameReader().push(input);
        const reader = new FrameReader();
        const pieces = Array.from({ length: Math.ceil(input.length / 3) }, (_, i) => input.subarray(3 * i, 3 * i + 3));
        const again = pieces.flatMap((piece) => reader.push(piece));
        if (whole.length !== again.length) throw new Violation('in pieces it is something else');
        return reader.isEmpty ? Buffer.concat(whole.map(encodeFrame)) : null;
      },
    },
    {
      name: 'message',
      shape: 'cbor',
      seeds: messages.map((message) => encodeCbor(encodeMessage(message))),
      parse: (input) => {
        const value = decodeCbor(input);
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
        return encodeCbor(encodeMessage(parseMessage(value as never)));
      },
    },
    {
      name: 'value',
      shape: 'cbor',
      seeds: values.map((value) => encodeCbor(value as never)),
      parse: (input) => {
        decodeValue(decodeCbor(input), borrower);
        if (Object.keys(Object.prototype).length > 0) throw new Violation('the prototype of all objects was changed');
        return null;
      },
    },
    {
      name: 'fault',
      shape: 'cbor',
      seeds: [encodeCbor({ code: 'not-found', blame: 'usage', message: 'no', detail: { n: 1 } })],
      parse: (input) => {
        encodeCbor(encodeFault(decodeFault(decodeCbor(input))));
        return null;
      },
    },
  ],
};
