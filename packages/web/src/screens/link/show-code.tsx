import type { Address } from '@sotto/protocol';
import { useSearch } from '@tanstack/react-router';
import { type JSX, useState } from 'react';
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
} from '../gate/device-fields.tsx';
import { Folded, GateForm } from '../gate/form.tsx';
import { GateFault, useBackOff } from '../gate/gate-fault.tsx';
import { GatePage } from '../gate/gate-page.tsx';
import { useGateTask } from '../gate/gate-task.ts';
import { addressOf } from '../gate/names.ts';
import { AddressField, placeOf } from '../gate/place-fields.tsx';
import { clockTime } from '../gate/seconds.ts';
import { text as common } from '../gate/text.ts';
import { Working } from '../gate/working.tsx';
import { CodeToShow } from './code-to-show.tsx';
import { Linked } from './linked.tsx';
import { text } from './text.ts';

interface Asked {
  readonly address: Address;
  readonly passphrase: string;
  readonly device: ReturnType<typeof newDeviceOf>;
  readonly temporary: boolean;
}

/** The new device: says whose it wants to be, shows a code, and waits until another device has approved it. */
export function ShowCode(): JSX.Element {
  const words = useText(text);
  const shared = useText(common);
  const { account = '' } = useSearch({ from: '/gate' });
  const [address, setAddress] = useState(account);
  const [passphrase, setPassphrase] = useState('');
  const [device, setDevice] = useState(firstDeviceChoice);
  const [isTemporary, setTemporary] = useState(false);
  const [isJudged, setJudged] = useState(false);
  const task = useGateTask<Asked>((gate, id, { address: whose, device: chosen, ...asked }) =>
    gate.link({ task: id, ...placeOf(whose), ...asked, ...chosen }),
  );
  const wait = useBackOff(task.fault);
  const submit = (): void => {
    setJudged(true);
    const found = addressOf(address);
    if (found === null || passphrase === '' || !isDeviceChoice(device) || wait > 0) return;
    task.start({ address: found, passphrase, device: newDeviceOf(device), temporary: isTemporary });
  };
  if (task.state.kind === 'done') return <Linked />;
  if (task.state.kind === 'running') {
    const { step, link } = task.state;
    const isWaiting = link !== null && (step === null || step === 'waiting');
    return (
      <GatePage title={isWaiting ? words.show.title : words.linking} lead={<bdi>{addressOf(address)}</bdi>}>
        {isWaiting && <CodeToShow link={link} deviceName={device.name} />}
        <Working names={STEPS} step={step} onStop={task.stop} />
      </GatePage>
    );
  }
  return (
    <GatePage title={words.title} lead={words.lead} back="/welcome">
      <GateForm onSubmit={submit} label={words.title}>
        <AddressField value={address} isJudged={isJudged} onChange={setAddress} />
        <PassphraseField
          label={words.passphrase}
          hint={words.passphraseHint}
          value={passphrase}
          onChange={setPassphrase}
          error={isJudged && passphrase === '' ? words.needed : undefined}
          autoComplete="current-password"
        />
        <DeviceNameField device={device} isJudged={isJudged} onChange={setDevice} />
        <Checkbox
          label={shared.temporary.label}
          hint={shared.temporary.hint}
          isSelected={isTemporary}
          onChange={setTemporary}
        />
        <Folded title={shared.more}>
          <VaultPassphraseFields device={device} isJudged={isJudged} onChange={setDevice} />
        </Folded>
        <GateFault fault={task.fault} />
        <Button type="submit" kind="primary" wide isDisabled={wait > 0}>
          {wait > 0 ? words.wait(clockTime(wait)) : words.go}
        </Button>
      </GateForm>
    </GatePage>
  );
}

const STEPS = ['sign-in', 'vault', 'device', 'waiting', 'certificate', 'restore'] as const;
