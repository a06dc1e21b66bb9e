import { type Call, type Phone, type PhoneEffect, type Said, type Step, withCall } from './phone-state.ts';

/** What fits no state. */
export function unchanged(phone: Phone): Step {
  return { phone, effects: [] };
}

/** Of a call something is known that nobody has to be told. */
export function kept(phone: Phone, call: Call): Step {
  return { phone: withCall(phone, call), effects: [] };
}

/** A call is other than before; what there is to say goes to the other end first. */
export function changed(phone: Phone, call: Call, say: Said | null = null): Step {
  const { token } = call;
  const said: PhoneEffect[] = say === null ? [] : [{ do: 'send', token, say }];
  return { phone: withCall(phone, call), effects: [...said, { do: 'changed', token }] };
}

export function refused(phone: Phone, code: (PhoneEffect & { readonly do: 'refuse' })['code']): Step {
  return { phone, effects: [{ do: 'refuse', code }] };
}
