import type { Address } from '@sotto/protocol';
import type { JSX } from 'react';
import { TextField } from '../../kit/field.tsx';
import { useText } from '../../text/language.tsx';
import { addressOf } from './names.ts';
import { text } from './text.ts';

export function AddressField({
  value,
  isJudged,
  onChange,
}: {
  readonly value: string;
  readonly isJudged: boolean;
  onChange(value: string): void;
}): JSX.Element {
  const words = useText(text).address;
  return (
    <TextField
      label={words.label}
      value={value}
      onChange={onChange}
      error={isJudged && addressOf(value) === null ? words.wrong : undefined}
      placeholder="name@example.org"
      type="email"
      inputMode="email"
      autoComplete="username"
      spellCheck="false"
      autoFocus
    />
  );
}

/** Where an account is that this page can open: at the server that the page came from, and at no other. */
export function placeOf(address: Address) {
  return { address, server: location.origin, caFingerprint: null };
}
