import type { JSX } from 'react';
import { useText } from '../../text/language.tsx';
import { type Entry, EntryForm, useEntry } from '../gate/entry-form.tsx';
import { GatePage } from '../gate/gate-page.tsx';
import { useGateTask } from '../gate/gate-task.ts';
import { addressOf } from '../gate/names.ts';
import { placeOf } from '../gate/place-fields.tsx';
import { Working } from '../gate/working.tsx';
import { CodeToShow } from './code-to-show.tsx';
import { Linked } from './linked.tsx';
import { text } from './text.ts';

/** The new device: says whose it wants to be, shows a code, and waits until another device has approved it. */
export function ShowCode(): JSX.Element {
  const words = useText(text);
  const entry = useEntry();
  const [{ address, device }] = entry;
  const task = useGateTask<Entry>((gate, id, { address: whose, device: chosen, ...asked }) =>
    gate.link({ task: id, ...placeOf(whose), ...asked, ...chosen }),
  );
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
      <EntryForm entry={entry} label={words.title} words={words} fault={task.fault} onEnter={task.start} />
    </GatePage>
  );
}

const STEPS = ['sign-in', 'vault', 'device', 'waiting', 'certificate', 'restore'] as const;
