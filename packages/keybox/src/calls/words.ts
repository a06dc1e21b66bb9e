import { hex, parseHex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import type { Signal } from '@sotto/protocol';
import type { Heard, Said } from './phone-state.ts';

/** What the phone needs to know of a message. */
export function heard(value: Signal, encoded: Uint8Array): Heard {
  switch (value.kind) {
    case 'offer':
      return { kind: 'offer', callee: hex(value.content.callee) };
    case 'answer':
      return { kind: 'answer', hash: hex(sha256(encoded)) };
    case 'taken':
      return { kind: 'taken', device: hex(value.content.device), answer: hex(value.content.answer) };
    case 'end':
      return { kind: 'end', reason: value.content.reason };
    case 'notice':
      return { kind: 'notice', ...value.content };
    default:
      return { kind: value.kind };
  }
}

/** What the phone says, as it travels. */
export function spoken(say: Said, header: Pick<Signal, 'v' | 'call' | 'seq' | 'at'>): Signal {
  switch (say.kind) {
    case 'taken':
      return { ...header, kind: 'taken', content: { device: parseHex(say.device), answer: parseHex(say.answer) } };
    case 'cancel':
      return { ...header, kind: 'cancel', content: { reason: say.reason } };
    case 'end':
      return { ...header, kind: 'end', content: { reason: say.reason } };
    case 'notice':
      return { ...header, kind: 'notice', content: { held: say.held, muted: say.muted } };
    default:
      return { ...header, kind: say.kind, content: {} };
  }
}
