import { unreachable } from '@sotto/bytes';
import { hearOffer } from './phone-offer.ts';
import {
  type Call,
  CONNECT_MILLISECONDS,
  ended,
  isLive,
  type Message,
  type Party,
  type Phone,
  type PhoneEffect,
  type Step,
  withCall,
  withVoided,
} from './phone-state.ts';
import { changed, kept, refused, unchanged } from './phone-step.ts';

/** Takes what somebody said about a call. What comes again, late, or from nobody of that call changes nothing. */
export function hear(phone: Phone, message: Message, now: number): Step {
  const { token, from, seq, said } = message;
  if (from.account === phone.own.account && from.device === phone.own.device) return unchanged(phone);
  if (said.kind === 'offer') return hearOffer(phone, message, now);
  const call = phone.calls.get(token);
  if (call === undefined)
    return said.kind === 'cancel' ? { phone: withVoided(phone, token, now), effects: [] } : unchanged(phone);
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
      return refusedThere(phone, ended(call, now, { outcome: said.kind === 'busy' ? 'busy' : 'declined' }));
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

/** Other devices of theirs may not have heard their own one. */
function refusedThere(phone: Phone, call: Call): Step {
  return changed(phone, call, { kind: 'cancel', reason: 'cancelled' });
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
  if (taken.answer === call.answer) return kept(phone, { ...call, resendAt: Number.POSITIVE_INFINITY });
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
