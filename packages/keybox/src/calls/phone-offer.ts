import {
  ANSWER_AGAIN_MILLISECONDS,
  type Call,
  CONNECT_MILLISECONDS,
  ended,
  isBusy,
  MAX_RINGING,
  MAX_RINGS_PER_MINUTE,
  type Message,
  newCall,
  type Party,
  type Phone,
  type PhoneEffect,
  type Step,
  withCall,
  withVoided,
} from './phone-state.ts';
import { changed, refused, unchanged } from './phone-step.ts';

/**
 * Takes the offer of a call: it rings, or is turned away where there is a call already, or is the one that both wanted. Who rings
 * too often is refused.
 */
export function hearOffer(phone: Phone, { token, from, said }: Message, now: number): Step {
  const isForUs = said.kind === 'offer' && said.callee === phone.own.account && from.account !== phone.own.account;
  if (!isForUs || phone.calls.has(token) || phone.voided.has(token)) return unchanged(phone);
  const placed = [...phone.calls.values()].find(({ phase, peer }) => phase === 'calling' && peer === from.account);
  if (placed !== undefined)
    return placed.token < token ? stay(phone, token, now) : merge(phone, placed, { token, from, now });
  const recent = (phone.rings.get(from.account) ?? []).filter((at) => now - at < 60_000);
  const ringing = [...phone.calls.values()].filter(({ phase }) => phase === 'ringing').length;
  if (recent.length >= MAX_RINGS_PER_MINUTE || ringing >= MAX_RINGING) return refused(phone, 'call-flood');
  const counted = { ...phone, rings: new Map(phone.rings).set(from.account, [...recent, now]) };
  const call = incoming({ token, from }, now);
  if (isBusy(phone)) return changed(counted, ended(call, now, { outcome: 'missed' }), { kind: 'busy' });
  return changed(counted, call, { kind: 'ringing' });
}

/** Both called at once and ours stays: the other end gives its own up and answers. */
function stay(phone: Phone, token: string, now: number): Step {
  return { phone: withVoided(phone, token, now), effects: [] };
}

/** Both called at once and theirs stays: our person wanted this call, so it is answered at once. */
function merge(
  phone: Phone,
  placed: Call,
  { token, from, now }: { readonly token: string; readonly from: Party; readonly now: number },
): Step {
  const given = ended(placed, now, { outcome: null, mergedInto: token });
  const answered = {
    ...incoming({ token, from }, now),
    ...{ phase: 'connecting' as const, answeredAt: now },
    ...{ dueAt: now + CONNECT_MILLISECONDS, resendAt: now + ANSWER_AGAIN_MILLISECONDS },
  };
  const effects: PhoneEffect[] = [
    { do: 'send', token: placed.token, say: { kind: 'cancel', reason: 'glare' } },
    { do: 'merge', token: placed.token, into: token },
    { do: 'attach', token },
    { do: 'changed', token },
  ];
  return { phone: withCall(withCall(phone, given), answered), effects };
}

function incoming({ token, from }: { readonly token: string; readonly from: Party }, now: number): Call {
  return newCall({ token, direction: 'in', peer: from.account, peerDevice: from.device, phase: 'ringing' }, now);
}
