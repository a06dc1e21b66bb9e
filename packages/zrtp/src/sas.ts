import type { Secret } from '@sotto/crypto';
import { derive, type ScheduleContext } from './key-schedule.ts';
import { evenWords, oddWords } from './word-list.ts';

/** What both people read to each other (RFC 6189 sections 4.5.2 and 5.1.6): four characters, or two words. */
export function shortAuthenticationString(context: ScheduleContext, s0: Secret): string {
  using hash = derive(context, s0, { label: 'SAS', length: 32 });
  return hash.use((bytes) => renderSas(context.algorithms.sasType, bytes));
}

/** Of the first 20 bits, or of the first 16. */
export function renderSas(sasType: string, hash: Uint8Array): string {
  const [first = 0, second = 0, third = 0] = hash;
  if (sasType === 'B256') return `${evenWords[first]}:${oddWords[second]}`;
  const bits = (first << 12) | (second << 4) | (third >> 4);
  return [15, 10, 5, 0].map((shift) => BASE_32[(bits >> shift) & 31]).join('');
}

/** By how easily they are told apart. */
const BASE_32 = 'ybndrfg8ejkmcpqxot1uwisza345h769';
