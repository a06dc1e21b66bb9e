import { unreachable } from '@sotto/bytes';
import { hear } from './phone-ear.ts';
import {
  ANSWER_AGAIN_MILLISECONDS,
  type Call,
  CONNECT_MILLISECONDS,
  ended,
  isBusy,
  isLive,
  newCall,
  OFFER_AGAIN_MILLISECONDS,
  type Phone,
  type PhoneEffect,
  type PhoneInput,
  type Step,
  withCall,
} from './phone-state.ts';
import { changed, kept, unchanged } from './phone-step.ts';
import type { CallMarks } from './views.ts';

/**
 * What a device does about its calls: people, messages and the time go in, the next state and what is to be done come
 * out. What fits no state changes nothing. Media is attached by the own person's answer to a call that rings, or by an
 * answer to a call that the own person placed, and by nothing else; docs/spec/call.md.
 */
export function step(phone: Phone, input: PhoneInput, now: number): Step {
  if (input.do === 'tick') return tick(phone, now);
  if (input.do === 'revoke') return revoke(phone, input.party, now);
  if (input.do === 'hear') return hear(phone, input, now);
  if (input.do === 'doubt') return doubt(phone, input.code);
  if (input.do === 'place') return place(phone, input, now);
  const call = phone.calls.get(input.token);
  if (call === undefined || !isLive(call)) return unchanged(phone);
  switch (input.do) {
    case 'answer':
      return answer(phone, call, { hash: input.hash, now });
    case 'answered':
      return kept(phone, { ...call, answer: input.hash });
    case 'decline':
      return decline(phone, call, now);
    case 'hang-up':
      return hangUp(phone, call, now);
    case 'mark':
      return mark(phone, call, input.marks);
    case 'connected':
      return connected(phone, call);
    case 'fail':
      return fail(phone, call, { code: input.code, reason: 'failed', now });
    default:
      return unreachable(input);
  }
}

/** Whether anything will happen of itself. */
export function isWaiting({ calls }: Phone): boolean {
  return [...calls.values()].some(isLive);
}

function place(phone: Phone, { token, peer }: { readonly token: string; readonly peer: string }, now: number): Step {
  if (isBusy(phone) || phone.calls.has(token)) return unchanged(phone);
  const call = newCall({ token, direction: 'out', peer, peerDevice: null, phase: 'calling' }, now);
  const placed = { ...call, resendAt: now + OFFER_AGAIN_MILLISECONDS };
  return changed(phone, placed);
}

function answer(phone: Phone, call: Call, { hash, now }: { readonly hash: string; readonly now: number }): Step {
  if (call.phase !== 'ringing' || isBusy(phone)) return unchanged(phone);
  const { token } = call;
  const answered = { ...call, phase: 'connecting', answer: hash, answeredAt: now } as const;
  const due = { dueAt: now + CONNECT_MILLISECONDS, resendAt: now + ANSWER_AGAIN_MILLISECONDS };
  const turned = turnAway(withCall(phone, { ...answered, ...due }), now);
  const effects: PhoneEffect[] = [
    { do: 'attach', token },
    { do: 'changed', token },
  ];
  return { phone: turned.phone, effects: [...effects, ...turned.effects] };
}

/** Whoever else rings hears that we are in a call. */
function turnAway(phone: Phone, now: number): Step {
  let next = phone;
  const effects: PhoneEffect[] = [];
  for (const call of phone.calls.values()) {
    if (call.phase !== 'ringing') continue;
    const turned = changed(next, ended(call, now, { outcome: 'missed' }), { kind: 'busy' });
    next = turned.phone;
    effects.push(...turned.effects);
  }
  return { phone: next, effects };
}

function decline(phone: Phone, call: Call, now: number): Step {
  if (call.phase !== 'ringing') return unchanged(phone);
  return changed(phone, ended(call, now, { outcome: 'declined' }), { kind: 'decline' });
}

function hangUp(phone: Phone, call: Call, now: number): Step {
  if (call.phase === 'ringing') return decline(phone, call, now);
  if (call.phase === 'calling') {
    return changed(phone, ended(call, now, { outcome: 'cancelled' }), { kind: 'cancel', reason: 'cancelled' });
  }
  return changed(phone, ended(call, now, { outcome: 'answered' }), { kind: 'end', reason: 'hang-up' });
}

function fail(
  phone: Phone,
  call: Call,
  { code, reason, now }: { readonly code: string; readonly reason: 'failed' | 'revoked'; readonly now: number },
): Step {
  const failed = ended(call, now, { outcome: 'failed', code });
  if (call.phase === 'ringing') return changed(phone, { ...failed, outcome: 'missed' });
  if (call.phase === 'calling') return changed(phone, failed, { kind: 'cancel', reason: 'cancelled' });
  return changed(phone, failed, { kind: 'end', reason });
}

function mark(phone: Phone, call: Call, marks: CallMarks): Step {
  if (call.phase !== 'connecting' && call.phase !== 'active') return unchanged(phone);
  return changed(phone, { ...call, own: marks }, { kind: 'notice', ...marks });
}

function connected(phone: Phone, call: Call): Step {
  if (call.phase !== 'connecting') return unchanged(phone);
  const never = Number.POSITIVE_INFINITY;
  const active = { ...call, phase: 'active', dueAt: never, resendAt: never } as const;
  return changed(phone, active);
}

/** Every call with a device that was revoked ends, whatever it was up to. */
function revoke(phone: Phone, party: { readonly account: string; readonly device: string }, now: number): Step {
  let next = phone;
  const effects: PhoneEffect[] = [];
  for (const call of phone.calls.values()) {
    const isOwn = party.account === phone.own.account && party.device === phone.own.device;
    const isTheirs = party.account === call.peer && party.device === call.peerDevice;
    if (!isLive(call) || (!isOwn && !isTheirs)) continue;
    const failed = fail(next, call, { code: 'device-revoked', reason: 'revoked', now });
    next = failed.phone;
    effects.push(...failed.effects);
  }
  return { phone: next, effects };
}

function tick(phone: Phone, now: number): Step {
  let next = phone;
  const effects: PhoneEffect[] = [];
  for (const call of phone.calls.values()) {
    const one = call.dueAt <= now ? expire(next, call, now) : again(next, call, now);
    next = one.phone;
    effects.push(...one.effects);
  }
  const voided = new Map([...next.voided].filter(([, until]) => until > now));
  return { phone: { ...next, voided }, effects };
}

function expire(phone: Phone, call: Call, now: number): Step {
  switch (call.phase) {
    case 'ended': {
      const calls = new Map(phone.calls);
      calls.delete(call.token);
      return { phone: { ...phone, calls }, effects: [] };
    }
    case 'calling':
      return changed(phone, ended(call, now, unanswered(call)), { kind: 'cancel', reason: 'timeout' });
    case 'ringing':
      return changed(phone, ended(call, now, { outcome: 'missed' }));
    case 'connecting':
      return fail(phone, call, { code: call.doubt ?? 'call-no-keys', reason: 'failed', now });
    case 'active':
      return unchanged(phone);
    default:
      return unreachable(call.phase);
  }
}

/** Nobody came, nobody rang, or what came was not genuine. */
function unanswered({ doubt, rings }: Call): Pick<Call, 'outcome' | 'code'> {
  if (doubt !== null) return { outcome: 'failed', code: doubt };
  return { outcome: 'missed', code: rings ? null : 'call-unheard' };
}

/** What was refused may have been the word that a call waits for. */
function doubt(phone: Phone, code: string): Step {
  const isWaiting = ({ phase }: Call): boolean => phase === 'calling' || phase === 'connecting';
  const calls = [...phone.calls.values()].filter((call) => isWaiting(call) && call.doubt === null);
  return { phone: calls.reduce((next, call) => withCall(next, { ...call, doubt: code }), phone), effects: [] };
}

function again(phone: Phone, call: Call, now: number): Step {
  if (call.resendAt > now) return unchanged(phone);
  const isOffer = call.phase === 'calling';
  const resendAt = now + (isOffer ? OFFER_AGAIN_MILLISECONDS : ANSWER_AGAIN_MILLISECONDS);
  const effects: PhoneEffect[] = [{ do: 'resend', token: call.token, what: isOffer ? 'offer' : 'answer' }];
  return { phone: withCall(phone, { ...call, resendAt }), effects };
}
