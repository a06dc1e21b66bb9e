import { step } from './phone.ts';
import {
  type Call,
  type Heard,
  isLive,
  newPhone,
  type Party,
  type Phone,
  type PhoneEffect,
  type PhoneInput,
} from './phone-state.ts';

/** Something that was said and may arrive at a device: once, twice, late, or never. */
interface Letter {
  readonly to: string;
  readonly token: string;
  readonly from: Party;
  readonly seq: number;
  readonly said: Heard;
}

/** Devices of two accounts, and a network that does with their messages what it wants. */
export class Phones {
  readonly names: readonly string[] = ['a1', 'a2', 'b1', 'b2'];
  readonly letters: Letter[] = [];
  now = 1_000_000;
  readonly #phones = new Map<string, Phone>();
  /** By device and token: whose person wanted this call. */
  readonly #wanted = new Set<string>();
  readonly #attached = new Set<string>();
  readonly #answers = new Map<string, string>();
  readonly #callees = new Map<string, string>();
  #serial = 0;

  constructor() {
    for (const device of this.names) this.#phones.set(device, newPhone(partyOf(device)));
  }

  phone(device: string): Phone {
    return this.#phones.get(device) as Phone;
  }

  calls(device: string): readonly Call[] {
    return [...this.phone(device).calls.values()];
  }

  live(device: string): readonly Call[] {
    return this.calls(device).filter(isLive);
  }

  /** A fresh token whose place among others is `rank`. */
  place(device: string, rank: number): string {
    const token = `${rank}-${this.#serial++}`;
    const callee = accountOf(device) === 'a' ? 'b' : 'a';
    this.#want(device, token);
    this.#callees.set(token, callee);
    this.do(device, { do: 'place', token, peer: callee });
    if (this.phone(device).calls.has(token)) this.#sayAll(device, token, { kind: 'offer', callee });
    return token;
  }

  answer(device: string, token: string): void {
    const hash = `answer ${this.#serial++}`;
    if (this.phone(device).calls.get(token)?.phase !== 'ringing') return;
    this.#want(device, token);
    this.do(device, { do: 'answer', token, hash });
    if (this.phone(device).calls.get(token)?.phase === 'connecting') this.#answered(device, token, hash);
  }

  do(device: string, input: PhoneInput): void {
    const { phone, effects } = step(this.phone(device), input, this.now);
    this.#phones.set(device, phone);
    for (const effect of effects) this.#effect(device, effect);
  }

  /** The message stays under way: it may come again. */
  deliver({ to, ...letter }: Letter): void {
    this.do(to, { do: 'hear', ...letter });
  }

  pass(milliseconds: number): void {
    this.now += milliseconds;
    for (const device of this.names) this.do(device, { do: 'tick' });
  }

  /** Devices whose media was attached although their person did not want the call. */
  get unwanted(): readonly string[] {
    return [...this.#attached].filter((key) => !this.#wanted.has(key));
  }

  isAttached(device: string, token: string): boolean {
    return this.#attached.has(`${device} ${token}`);
  }

  #want(device: string, token: string): void {
    this.#wanted.add(`${device} ${token}`);
  }

  #effect(device: string, effect: PhoneEffect): void {
    if (effect.do === 'send') this.#sayAll(device, effect.token, effect.say);
    if (effect.do === 'resend') this.#sayAgain(device, effect);
    if (effect.do === 'attach') this.#attached.add(`${device} ${effect.token}`);
    if (effect.do !== 'merge') return;
    // Who placed a call wanted the one that it became.
    if (this.#wanted.has(`${device} ${effect.token}`)) this.#want(device, effect.into);
    this.#answered(device, effect.into, `answer ${this.#serial++}`);
  }

  #sayAgain(device: string, { token, what }: PhoneEffect & { readonly do: 'resend' }): void {
    const hash = this.#answers.get(`${device} ${token}`);
    if (what === 'offer') this.#sayAll(device, token, { kind: 'offer', callee: this.#callees.get(token) ?? '' });
    else if (hash !== undefined) this.#sayAll(device, token, { kind: 'answer', hash });
  }

  #answered(device: string, token: string, hash: string): void {
    this.#answers.set(`${device} ${token}`, hash);
    this.do(device, { do: 'answered', token, hash });
    this.#sayAll(device, token, { kind: 'answer', hash });
  }

  /** Every other device of both accounts may hear it. */
  #sayAll(device: string, token: string, said: Heard): void {
    const seq = this.#serial++;
    for (const to of this.names) {
      if (to !== device) this.letters.push({ to, token, from: partyOf(device), seq, said });
    }
  }
}

export function partyOf(device: string): Party {
  return { account: accountOf(device), device };
}

function accountOf(device: string): string {
  return device.charAt(0);
}
