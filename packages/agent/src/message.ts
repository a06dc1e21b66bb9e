import type { CborMap, CborValue } from '@sotto/bytes';
import { AgentWireFault } from './fault.ts';

/** What both sides say to each other. Ids are chosen by whoever asks, once each; `ref` is chosen by whoever lends. */
export type Message =
  | { readonly type: 'hello'; readonly v: number; readonly version: string; readonly pid: number }
  /** Asks for a method of the table. `account` is null for what concerns the agent itself. */
  | {
      readonly type: 'call';
      readonly id: number;
      readonly account: string | null;
      readonly area: string;
      readonly method: string;
      readonly input: CborValue;
    }
  /** Runs a function that the other side lent. */
  | { readonly type: 'invoke'; readonly id: number; readonly ref: number; readonly input: CborValue }
  | { readonly type: 'result'; readonly id: number; readonly value: CborValue }
  | { readonly type: 'fault'; readonly id: number; readonly fault: CborValue }
  /** A signal that was lent has aborted. */
  | { readonly type: 'abort'; readonly ref: number }
  /** What was lent is not needed any more. */
  | { readonly type: 'release'; readonly ref: number };

export function encodeMessage(message: Message): CborMap {
  return message as unknown as CborMap;
}

/** Throws `agent-frame-malformed` for anything with a field too few, too many or of another type. */
export function parseMessage(map: CborMap): Message {
  const type = map['type'];
  const shape = typeof type === 'string' && Object.hasOwn(shapes, type) ? shapes[type as Message['type']] : null;
  if (shape === null || Object.keys(map).length !== Object.keys(shape).length + 1) throw malformed();
  for (const [name, isValid] of Object.entries(shape)) {
    if (!Object.hasOwn(map, name) || !isValid(map[name] as CborValue)) throw malformed();
  }
  return map as unknown as Message;
}

type Shape<Type extends Message['type']> = {
  readonly [Name in Exclude<keyof (Message & { readonly type: Type }), 'type'>]: (value: CborValue) => boolean;
};

function malformed(): AgentWireFault {
  return new AgentWireFault('agent-frame-malformed', 'a message that is none of the protocol');
}

const isCount = (value: CborValue): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isText = (value: CborValue): boolean => typeof value === 'string';
const isAnything = (): boolean => true;

const shapes: { readonly [Type in Message['type']]: Shape<Type> } = {
  hello: { v: isCount, version: isText, pid: isCount },
  call: {
    id: isCount,
    account: (value) => value === null || isText(value),
    area: isText,
    method: isText,
    input: Array.isArray,
  },
  invoke: { id: isCount, ref: isCount, input: Array.isArray },
  result: { id: isCount, value: isAnything },
  fault: { id: isCount, fault: isAnything },
  abort: { ref: isCount },
  release: { ref: isCount },
};
