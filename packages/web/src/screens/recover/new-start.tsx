import type { Address } from '@sotto/protocol';
import { useNavigate } from '@tanstack/react-router';
import { type JSX, useEffect, useMemo, useState } from 'react';
import { useDo } from '../../app/queries.ts';
import { useVaultState } from '../../app/vaults.tsx';
import { Button } from '../../kit/button.tsx';
import { Notice } from '../../kit/notice.tsx';
import { useText } from '../../text/language.tsx';
import {
  DeviceNameField,
  firstDeviceChoice,
  isDeviceChoice,
  newDeviceOf,
  VaultPassphraseFields,
} from '../gate/device-fields.tsx';
import { Folded, GateForm } from '../gate/form.tsx';
import { GateFault } from '../gate/gate-fault.tsx';
import { GatePage } from '../gate/gate-page.tsx';
import { useGateTask } from '../gate/gate-task.ts';
import { isAllowed, NewPassphrase, noPassphrase } from '../gate/new-passphrase.tsx';
import { text as common } from '../gate/text.ts';
import { Working } from '../gate/working.tsx';
import { text } from './text.ts';

/** The account that the recovery key opened: a new passphrase for it, and this browser as a new device of it. */
export function NewStart({ address }: { readonly address: Address }): JSX.Element {
  const words = useText(text);
  const shared = useText(common);
  const [passphrase, setPassphrase] = useState(noPassphrase);
  const [device, setDevice] = useState(firstDeviceChoice);
  const [isJudged, setJudged] = useState(false);
  const navigate = useNavigate();
  const task = useGateTask<{ readonly passphrase: string; readonly device: ReturnType<typeof newDeviceOf> }>(
    (gate, id, asked) => gate.recover({ task: id, passphrase: asked.passphrase, ...asked.device }),
  );
  const isDone = task.state.kind === 'done';
  useEffect(() => {
    if (isDone) void navigate({ to: '/rooms', replace: true });
  }, [isDone, navigate]);
  const about = useMemo(() => [address], [address]);
  const submit = (): void => {
    setJudged(true);
    const { value, repeated } = passphrase;
    if (!isAllowed(value) || value !== repeated || !isDeviceChoice(device)) return;
    task.start({ passphrase: value, device: newDeviceOf(device) });
  };
  if (task.state.kind === 'running' || isDone) {
    return (
      <GatePage title={words.working} lead={<bdi>{address}</bdi>}>
        <Working names={STEPS} step={task.state.kind === 'running' ? task.state.step : 'done'} onStop={task.stop} />
      </GatePage>
    );
  }
  return (
    <GatePage title={words.found} lead={<bdi>{address}</bdi>}>
      <OldVault address={address} />
      <GateForm onSubmit={submit} label={words.found}>
        <NewPassphrase chosen={passphrase} about={about} isJudged={isJudged} onChange={setPassphrase} />
        <DeviceNameField device={device} isJudged={isJudged} onChange={setDevice} />
        <Folded title={shared.more}>
          <VaultPassphraseFields device={device} isJudged={isJudged} onChange={setDevice} />
        </Folded>
        <Notice title={words.others}>
          <p>{words.othersHint}</p>
        </Notice>
        <GateFault fault={task.fault} />
        <Button type="submit" kind="primary" wide>
          {words.recover}
        </Button>
      </GateForm>
    </GatePage>
  );
}

/** A vault of this account that nobody can open any more stands in the way of the new device. */
function OldVault({ address }: { readonly address: Address }): JSX.Element | null {
  const words = useText(text).oldVault;
  const state = useVaultState();
  const forget = useDo(({ gate }) => gate.forget(address));
  const isHere = state.kind === 'locked' && state.accounts.some((account) => account.address === address);
  if (!isHere) return null;
  const remove = (
    <Button kind="danger" isPending={forget.isPending} onPress={() => forget.mutate(undefined)}>
      {words.remove}
    </Button>
  );
  return (
    <Notice tone="warning" title={words.title} actions={remove}>
      <p>{words.hint}</p>
      <GateFault fault={forget.error} />
    </Notice>
  );
}

const STEPS = ['vault', 'device', 'certificate', 'restore', 'passphrase'] as const;
