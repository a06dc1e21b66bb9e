import { unreachable } from '@sotto/bytes';
import {
  ANSWER_AGAIN_MILLISECONDS,
  type Call,
  CONNECT_MILLISECONDS,
  ended,
  type Heard,
  isBusy,
  isLive,
  MAX_RINGING,
  MAX_RINGS_PER_MINUTE,
  MEMORY_MILLISECONDS,
  newCall,
  type Party,
  type Phone,
  type PhoneEffect,
  type Step,
  withCall,
} from './phone-state.ts';

interface Message {
  readonly token: string;
  readonly from: Party;
  readonly seq: number;
  readonly said: Heard;
}

/** Takes what somebody said about a call. What comes again, late, or from nobody of that call changes nothing. */
export function hear(phone: Phone, message: Message, now: number): Step {
  const { token, from, seq, said } = message;
  if (from.account === phone.own.account && from.device === phone.own.device) return unchanged(phone);
  if (said.kind === 'offer') return hearOffer(phone, message, now);
  const call = phone.calls.get(token);
  if (call === undefined) return said.kind === 'cancel' ? remember(phone, token, now) : unchanged(phone);
  const key = `${from.device} ${seq}`;
  // An answer is repeated until it is taken.
  if (!isLive(call) || (call.heard.has(key) && said.kind !== 'answer')) return unchanged(phone);
  const known = { ...call, heard: new Set(call.heard).add(key) };
  if (from.account === phone.own.account) return hearOwn(phone, known, { ...message, now });
  if (from.account !== call.peer) return refused(phone, 'call-dialog');
  return call.direction === 'out'
    ? hearCallee(phone, known, { ...message, now })
    : hearCaller(phone, known, { ...message, now });
}

interface Timed extends Message {
  readonly now: number;
}

function hearOffer(phone: Phone, { token, from, said }: Message, now: number): Step {
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
  if (isBusy(phone)) return turnAway(counted, ended(call, now, { outcome: 'missed' }));
  const effects: PhoneEffect[] = [
    { do: 'send', token, say: { kind: 'ringing' } },
    { do: 'changed', token },
  ];
  return { phone: withCall(counted, call), effects };
}

function incoming({ token, from }: { readonly token: string; readonly from: Party }, now: number): Call {
  return newCall({ token, direction: 'in', peer: from.account, peerDevice: from.device, phase: 'ringing' }, now);
}

function turnAway(phone: Phone, call: Call): Step {
  const { token } = call;
  const effects: PhoneEffect[] = [
    { do: 'send', token, say: { kind: 'busy' } },
    { do: 'changed', token },
  ];
  return { phone: withCall(phone, call), effects };
}

/** Both called at once and ours stays: the other end gives its own up and answers. */
function stay(phone: Phone, token: string, now: number): Step {
  return remember(phone, token, now);
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

/** Another device of ours speaks for the account. */
function hearOwn(phone: Phone, call: Call, { said, now }: Timed): Step {
  if (call.direction !== 'in' || call.phase !== 'ringing') return unchanged(phone);
  if (said.kind !== 'answer' && said.kind !== 'decline') return unchanged(phone);
  return changed(phone, ended(call, now, { outcome: 'elsewhere' }));
}

/** A device of the account that we called. */
function hearCallee(phone: Phone, call: Call, message: Timed): Step {
  const { said, from, now } = message;
  const isEnd = from.device === call.peerDevice;
  switch (said.kind) {
    case 'ringing':
      return call.phase === 'calling' && !call.rings ? changed(phone, { ...call, rings: true }) : kept(phone, call);
    case 'answer':
      return call.phase === 'calling'
        ? take(phone, call, { from, hash: said.hash, now })
        : takeAgain(phone, call, from, said);
    case 'decline':
    case 'busy':
      if (call.phase !== 'calling') return kept(phone, call);
      return over(phone, ended(call, now, { outcome: said.kind === 'busy' ? 'busy' : 'declined' }), true);
    case 'end':
    case 'notice':
    case 'candidates':
      return isEnd ? hearEnd(phone, call, message) : refused(phone, 'call-dialog');
    case 'offer':
    case 'taken':
    case 'cancel':
      return refused(phone, 'call-dialog');
    default:
      return unreachable(said);
  }
}

function take(
  phone: Phone,
  call: Call,
  { from, hash, now }: { readonly from: Party; readonly hash: string; readonly now: number },
): Step {
  const { token } = call;
  const { device } = from;
  const due = { dueAt: now + CONNECT_MILLISECONDS, resendAt: Number.POSITIVE_INFINITY };
  const answered = { ...call, phase: 'connecting', peerDevice: device, answeredAt: now, answer: hash, ...due } as const;
  const effects: PhoneEffect[] = [
    { do: 'send', token, say: { kind: 'taken', device, answer: hash } },
    { do: 'attach', token },
    { do: 'changed', token },
  ];
  return { phone: withCall(phone, answered), effects };
}

/** Whoever did not hear whose answer was taken is told once more. */
function takeAgain(phone: Phone, call: Call, from: Party, { hash }: { readonly hash: string }): Step {
  if (call.peerDevice === null || call.answer === null) return kept(phone, call);
  const { token, peerDevice, answer } = call;
  if (from.device === peerDevice && hash !== answer) return refused(phone, 'call-transcript');
  const effects: PhoneEffect[] = [{ do: 'send', token, say: { kind: 'taken', device: peerDevice, answer } }];
  return { phone: withCall(phone, call), effects };
}

/** The device that calls us, and no other of its account. */
function hearCaller(phone: Phone, call: Call, message: Timed): Step {
  const { said, from, now } = message;
  if (from.device !== call.peerDevice) return refused(phone, 'call-dialog');
  switch (said.kind) {
    case 'taken':
      return hearTaken(phone, call, { taken: said, now });
    case 'cancel':
      if (call.phase === 'active') return kept(phone, call);
      return changed(phone, ended(call, now, { outcome: 'missed' }));
    case 'end':
    case 'notice':
    case 'candidates':
      return hearEnd(phone, call, message);
    case 'offer':
    case 'ringing':
    case 'answer':
    case 'decline':
    case 'busy':
      return refused(phone, 'call-dialog');
    default:
      return unreachable(said);
  }
}

function hearTaken(
  phone: Phone,
  call: Call,
  { taken, now }: { readonly taken: { readonly device: string; readonly answer: string }; readonly now: number },
): Step {
  const isOurs = taken.device === phone.own.device;
  if (!isOurs) {
    return call.phase === 'active' ? kept(phone, call) : changed(phone, ended(call, now, { outcome: 'elsewhere' }));
  }
  if (call.phase !== 'connecting') return kept(phone, call);
  if (taken.answer === call.answer)
    return { phone: withCall(phone, { ...call, resendAt: Number.POSITIVE_INFINITY }), effects: [] };
  const failed = ended(call, now, { outcome: 'failed', code: 'call-transcript' });
  const { token } = call;
  const effects: PhoneEffect[] = [
    { do: 'refuse', code: 'call-transcript' },
    { do: 'send', token, say: { kind: 'end', reason: 'failed' } },
    { do: 'changed', token },
  ];
  return { phone: withCall(phone, failed), effects };
}

/** What the other end of a call says to this one. */
function hearEnd(phone: Phone, call: Call, { said, seq, now }: Timed): Step {
  const stands = call.phase === 'connecting' || call.phase === 'active';
  if (said.kind === 'candidates') {
    return { phone: withCall(phone, call), effects: [{ do: 'candidates', token: call.token }] };
  }
  if (!stands) return said.kind === 'end' ? changed(phone, ended(call, now, { outcome: 'missed' })) : kept(phone, call);
  if (said.kind === 'notice') {
    if (seq <= call.noticeSeq) return kept(phone, call);
    const { held, muted } = said;
    return changed(phone, { ...call, noticeSeq: seq, theirs: { held, muted } });
  }
  if (said.kind !== 'end') return kept(phone, call);
  if (said.reason === 'hang-up') return changed(phone, ended(call, now, { outcome: 'answered' }));
  const code = said.reason === 'revoked' ? 'device-revoked' : 'call-peer-failed';
  return changed(phone, ended(call, now, { outcome: 'failed', code }));
}

function over(phone: Phone, call: Call, isTold: boolean): Step {
  const { token } = call;
  // Other devices of theirs may not have heard their own one.
  const told: PhoneEffect[] = isTold ? [{ do: 'send', token, say: { kind: 'cancel', reason: 'cancelled' } }] : [];
  return { phone: withCall(phone, call), effects: [...told, { do: 'changed', token }] };
}

function changed(phone: Phone, call: Call): Step {
  return { phone: withCall(phone, call), effects: [{ do: 'changed', token: call.token }] };
}

function kept(phone: Phone, call: Call): Step {
  return { phone: withCall(phone, call), effects: [] };
}

function unchanged(phone: Phone): Step {
  return { phone, effects: [] };
}

function refused(phone: Phone, code: (PhoneEffect & { readonly do: 'refuse' })['code']): Step {
  return { phone, effects: [{ do: 'refuse', code }] };
}

function remember(phone: Phone, token: string, now: number): Step {
  const voided = new Map([...phone.voided].slice(-MAX_VOIDED)).set(token, now + MEMORY_MILLISECONDS);
  return { phone: { ...phone, voided }, effects: [] };
}

const MAX_VOIDED = 256;
