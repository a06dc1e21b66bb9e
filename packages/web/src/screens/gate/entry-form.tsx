import type { Address } from '@sotto/protocol';
import { useSearch } from '@tanstack/react-router';
import { type JSX, type ReactNode, useState } from 'react';
import { Button } from '../../kit/button.tsx';
import { Checkbox } from '../../kit/choice.tsx';
import { PassphraseField } from '../../kit/field.tsx';
import { useText } from '../../text/language.tsx';
import {
  DeviceNameField,
  firstDeviceChoice,
  isDeviceChoice,
  newDeviceOf,
  VaultPassphraseFields,
} from './device-fields.tsx';
import { Folded, GateForm } from './form.tsx';
import { GateFault, useBackOff } from './gate-fault.tsx';
import { addressOf } from './names.ts';
import { AddressField } from './place-fields.tsx';
import { clockTime } from './seconds.ts';
import { text } from './text.ts';

/** Whose device this browser becomes, and how. */
export interface Entry {
  readonly address: Address;
  readonly passphrase: string;
  readonly device: ReturnType<typeof newDeviceOf>;
  readonly temporary: boolean;
}

/** What was typed so far: it outlives the form, which gives way to the work that it begins. */
interface TypedEntry {
  readonly address: string;
  readonly passphrase: string;
  readonly device: ReturnType<typeof firstDeviceChoice>;
  readonly isTemporary: boolean;
  readonly isJudged: boolean;
}

type EntryState = readonly [TypedEntry, (change: Partial<TypedEntry>) => void];

/** An entry that begins with the address that a link to here named. */
export function useEntry(): EntryState {
  const { account = '' } = useSearch({ from: '/gate' });
  const [typed, setTyped] = useState<TypedEntry>(() => ({
    address: account,
    passphrase: '',
    device: firstDeviceChoice(),
    isTemporary: false,
    isJudged: false,
  }));
  return [typed, (change) => setTyped((before) => ({ ...before, ...change }))];
}

export interface EntryFormProps {
  readonly entry: EntryState;
  readonly label: string;
  readonly words: {
    readonly passphrase: string;
    readonly passphraseHint?: string;
    readonly needed: string;
    readonly go: string;
    wait(time: string): string;
  };
  /** Why it did not work the last time. */
  readonly fault: Error | null;
  /** A field that some need behind the passphrase. */
  readonly children?: ReactNode;
  onEnter(entry: Entry): void;
}

/** Address, passphrase and device: what makes a browser a device of an account that there is. */
export function EntryForm({ entry, label, words, fault, children, onEnter }: EntryFormProps): JSX.Element {
  const shared = useText(text);
  const [{ address, passphrase, device, isTemporary, isJudged }, change] = entry;
  const wait = useBackOff(fault);
  const submit = (): void => {
    change({ isJudged: true });
    const found = addressOf(address);
    if (found === null || passphrase === '' || !isDeviceChoice(device) || wait > 0) return;
    onEnter({ address: found, passphrase, device: newDeviceOf(device), temporary: isTemporary });
  };
  const setDevice = (next: TypedEntry['device']): void => change({ device: next });
  return (
    <GateForm onSubmit={submit} label={label}>
      <AddressField value={address} isJudged={isJudged} onChange={(next) => change({ address: next })} />
      <PassphraseField
        label={words.passphrase}
        hint={words.passphraseHint}
        value={passphrase}
        onChange={(next) => change({ passphrase: next })}
        error={isJudged && passphrase === '' ? words.needed : undefined}
        autoComplete="current-password"
      />
      {children}
      <DeviceNameField device={device} isJudged={isJudged} onChange={setDevice} />
      <Checkbox
        label={shared.temporary.label}
        hint={shared.temporary.hint}
        isSelected={isTemporary}
        onChange={(next) => change({ isTemporary: next })}
      />
      <Folded title={shared.more}>
        <VaultPassphraseFields device={device} isJudged={isJudged} onChange={setDevice} />
      </Folded>
      <GateFault fault={fault} />
      <Button type="submit" kind="primary" wide isDisabled={wait > 0}>
        {wait > 0 ? words.wait(clockTime(wait)) : words.go}
      </Button>
    </GateForm>
  );
}
