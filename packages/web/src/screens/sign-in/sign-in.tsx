import type { Address } from '@sotto/protocol';
import { useSearch } from '@tanstack/react-router';
import { KeyRound, Smartphone } from 'lucide-react';
import { type JSX, useState } from 'react';
import { Button } from '../../kit/button.tsx';
import { Checkbox } from '../../kit/choice.tsx';
import { PassphraseField, TextField } from '../../kit/field.tsx';
import { useText } from '../../text/language.tsx';
import {
  DeviceNameField,
  firstDeviceChoice,
  isDeviceChoice,
  newDeviceOf,
  VaultPassphraseFields,
} from '../gate/device-fields.tsx';
import { useEntering } from '../gate/entering.ts';
import { Folded, GateForm } from '../gate/form.tsx';
import { codeOf, GateFault, useBackOff } from '../gate/gate-fault.tsx';
import { GatePage } from '../gate/gate-page.tsx';
import { useGateTask } from '../gate/gate-task.ts';
import { addressOf } from '../gate/names.ts';
import { AddressField, placeOf } from '../gate/place-fields.tsx';
import { clockTime } from '../gate/seconds.ts';
import { text as common } from '../gate/text.ts';
import { Ways } from '../gate/ways.tsx';
import { Working } from '../gate/working.tsx';
import { text } from './text.ts';

interface Asked {
  readonly address: Address;
  readonly passphrase: string;
  readonly recoveryKey: string;
  readonly device: ReturnType<typeof newDeviceOf>;
  readonly temporary: boolean;
}

/** Makes this browser a device of an account by address and passphrase alone. */
export function SignIn(): JSX.Element {
  const words = useText(text);
  const shared = useText(common);
  const { account = '' } = useSearch({ from: '/gate' });
  const [address, setAddress] = useState(account);
  const [passphrase, setPassphrase] = useState('');
  const [recoveryKey, setRecoveryKey] = useState('');
  const [device, setDevice] = useState(firstDeviceChoice);
  const [isTemporary, setTemporary] = useState(false);
  const [isJudged, setJudged] = useState(false);
  const task = useGateTask<Asked>((gate, id, asked) =>
    gate.signIn({
      task: id,
      ...placeOf(asked.address),
      passphrase: asked.passphrase,
      temporary: asked.temporary,
      ...asked.device,
      ...(asked.recoveryKey === '' ? {} : { recoveryKey: asked.recoveryKey }),
    }),
  );
  const wait = useBackOff(task.fault);
  useEntering(task.state.kind === 'done');
  const code = codeOf(task.fault);
  const submit = (): void => {
    setJudged(true);
    const found = addressOf(address);
    if (found === null || passphrase === '' || !isDeviceChoice(device) || wait > 0) return;
    task.start({
      address: found,
      passphrase,
      recoveryKey: recoveryKey.trim(),
      device: newDeviceOf(device),
      temporary: isTemporary,
    });
  };
  if (task.state.kind === 'running' || task.state.kind === 'done') {
    return (
      <GatePage title={words.signingIn} lead={<bdi>{addressOf(address)}</bdi>}>
        <Working names={STEPS} step={task.state.kind === 'running' ? task.state.step : 'done'} onStop={task.stop} />
      </GatePage>
    );
  }
  return (
    <GatePage title={words.title} lead={words.lead} back="/welcome">
      <GateForm onSubmit={submit} label={words.title}>
        <AddressField value={address} isJudged={isJudged} onChange={setAddress} />
        <PassphraseField
          label={words.passphrase}
          value={passphrase}
          onChange={setPassphrase}
          error={isJudged && passphrase === '' ? words.needed : undefined}
          autoComplete="current-password"
        />
        {(code === 'kit-needed' || recoveryKey !== '') && (
          <TextField
            label={words.recoveryKey}
            hint={words.recoveryKeyHint}
            value={recoveryKey}
            onChange={setRecoveryKey}
            autoComplete="off"
            spellCheck="false"
            autoFocus
          />
        )}
        <Checkbox
          label={shared.temporary.label}
          hint={shared.temporary.hint}
          isSelected={isTemporary}
          onChange={setTemporary}
        />
        <DeviceNameField device={device} isJudged={isJudged} onChange={setDevice} />
        <Folded title={shared.more}>
          <VaultPassphraseFields device={device} isJudged={isJudged} onChange={setDevice} />
        </Folded>
        <GateFault fault={task.fault} />
        <Button type="submit" kind="primary" wide isDisabled={wait > 0}>
          {wait > 0 ? words.wait(clockTime(wait)) : words.signIn}
        </Button>
      </GateForm>
      <Ways
        label={words.others}
        ways={[
          { to: '/link', Icon: Smartphone, ...words.link },
          { to: '/recover', Icon: KeyRound, ...words.recover },
        ]}
      />
    </GatePage>
  );
}

const STEPS = ['sign-in', 'vault', 'device', 'certificate', 'restore'] as const;
