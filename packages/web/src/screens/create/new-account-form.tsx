import type { Address } from '@sotto/protocol';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type JSX, useEffect, useMemo, useRef, useState } from 'react';
import { Button } from '../../kit/button.tsx';
import { RadioGroup } from '../../kit/choice.tsx';
import { TextField } from '../../kit/field.tsx';
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
import { GateFault, useBackOff } from '../gate/gate-fault.tsx';
import { GatePage } from '../gate/gate-page.tsx';
import { useGateTask } from '../gate/gate-task.ts';
import { nameOf } from '../gate/names.ts';
import { type ChosenPassphrase, isAllowed, NewPassphrase, noPassphrase } from '../gate/new-passphrase.tsx';
import { Protection } from '../gate/protection.tsx';
import { Working } from '../gate/working.tsx';
import { text } from './text.ts';

type Suite = 'hybrid' | 'classic';
type Roaming = 'as-drawn' | 'on' | 'off';

interface Asked {
  readonly name: string;
  readonly passphrase: string;
  readonly suite: Suite;
  readonly roaming: boolean;
  readonly device: ReturnType<typeof newDeviceOf>;
}

/** Name, passphrase, and what most people need not look at; then the steps, one by one. */
export function NewAccountForm({
  invitation,
  domain,
}: {
  readonly invitation: string;
  readonly domain: string;
}): JSX.Element {
  const words = useText(text);
  const { account = '' } = useSearch({ from: '/gate' });
  const [name, setName] = useState(account.split('@')[0] ?? '');
  const [passphrase, setPassphrase] = useState(noPassphrase);
  const [device, setDevice] = useState(firstDeviceChoice);
  const [suite, setSuite] = useState<Suite>('hybrid');
  const [roaming, setRoaming] = useState<Roaming>('as-drawn');
  const [isJudged, setJudged] = useState(false);
  const form = useRef<HTMLDivElement>(null);
  const isRoaming = roaming === 'as-drawn' ? passphrase.isGenerated : roaming === 'on';
  const task = useGateTask<Asked>((gate, id, { name: local, device: chosen, ...asked }) =>
    gate.signUp({ task: id, address: `${local}@${domain}` as Address, invitation, ...asked, ...chosen }),
  );
  const wait = useBackOff(task.fault);
  useDone(task.state.kind === 'done');
  const local = nameOf(name);
  const submit = (): void => {
    setJudged(true);
    if (local === null || !isChosen(passphrase) || !isDeviceChoice(device)) focusFirstWrong(form.current);
    else
      task.start({ name: local, passphrase: passphrase.value, suite, roaming: isRoaming, device: newDeviceOf(device) });
  };
  const about = useMemo(() => [name, domain], [name, domain]);
  if (task.state.kind === 'running' || task.state.kind === 'done') {
    return (
      <GatePage title={words.making} lead={words.makingLead} aside={<Protection />}>
        <Working names={STEPS} step={task.state.kind === 'running' ? task.state.step : 'done'} onStop={task.stop} />
      </GatePage>
    );
  }
  return (
    <GatePage title={words.title} lead={words.lead(domain)} back="/welcome" aside={<Protection />}>
      <div ref={form}>
        <GateForm onSubmit={submit} label={words.title}>
          <TextField
            label={words.name.label}
            hint={words.name.hint(`${local ?? words.name.yours}@${domain}`)}
            value={name}
            onChange={setName}
            error={isJudged && local === null ? words.name.wrong : undefined}
            autoComplete="username"
            spellCheck="false"
            autoFocus
          />
          <NewPassphrase chosen={passphrase} about={about} isJudged={isJudged} onChange={setPassphrase} />
          <DeviceNameField device={device} isJudged={isJudged} onChange={setDevice} />
          <Folded title={words.more}>
            <RadioGroup<Roaming>
              label={words.roaming.label}
              value={roaming === 'as-drawn' ? (isRoaming ? 'on' : 'off') : roaming}
              onChange={setRoaming}
              options={[
                { value: 'on', label: words.roaming.on, hint: words.roaming.onHint },
                { value: 'off', label: words.roaming.off, hint: words.roaming.offHint },
              ]}
            />
            <RadioGroup<Suite>
              label={words.suite.label}
              value={suite}
              onChange={setSuite}
              options={[
                { value: 'hybrid', label: words.suite.hybrid, hint: words.suite.hybridHint },
                { value: 'classic', label: words.suite.classic, hint: words.suite.classicHint },
              ]}
            />
            <VaultPassphraseFields device={device} isJudged={isJudged} onChange={setDevice} />
          </Folded>
          {isRoaming && passphrase.score !== null && passphrase.score < STRONG && (
            <Notice tone="warning" title={words.roaming.weak}>
              <p>{words.roaming.weakHint}</p>
            </Notice>
          )}
          <GateFault fault={task.fault} />
          <Button type="submit" kind="primary" wide isDisabled={wait > 0}>
            {wait > 0 ? words.wait(wait) : words.create}
          </Button>
        </GateForm>
      </div>
    </GatePage>
  );
}

function isChosen({ value, repeated }: ChosenPassphrase): boolean {
  return isAllowed(value) && value === repeated;
}

/** The next thing is the recovery key: an account without one hangs on one device. */
function useDone(isDone: boolean): void {
  const navigate = useNavigate();
  useEffect(() => {
    if (isDone) void navigate({ to: '/kit', search: true, hash: '', replace: true });
  }, [isDone, navigate]);
}

function focusFirstWrong(form: HTMLElement | null): void {
  requestAnimationFrame(() => form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}

/** What zxcvbn calls safely unguessable begins here. */
const STRONG = 3;
const STEPS = ['invitation', 'registration', 'sign-in', 'vault', 'certificate', 'genesis', 'account-room'] as const;
