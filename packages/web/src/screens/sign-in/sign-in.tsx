import { KeyRound, Smartphone } from 'lucide-react';
import { type JSX, useState } from 'react';
import { TextField } from '../../kit/field.tsx';
import { useText } from '../../text/language.tsx';
import { useEntering } from '../gate/entering.ts';
import { type Entry, EntryForm, useEntry } from '../gate/entry-form.tsx';
import { codeOf } from '../gate/gate-fault.tsx';
import { GatePage } from '../gate/gate-page.tsx';
import { useGateTask } from '../gate/gate-task.ts';
import { addressOf } from '../gate/names.ts';
import { placeOf } from '../gate/place-fields.tsx';
import { Ways } from '../gate/ways.tsx';
import { Working } from '../gate/working.tsx';
import { text } from './text.ts';

interface Asked extends Entry {
  readonly recoveryKey: string;
}

/** Makes this browser a device of an account by address and passphrase alone. */
export function SignIn(): JSX.Element {
  const words = useText(text);
  const entry = useEntry();
  const [recoveryKey, setRecoveryKey] = useState('');
  const task = useGateTask<Asked>((gate, id, { address, device, recoveryKey: key, ...asked }) =>
    gate.signIn({ task: id, ...placeOf(address), ...asked, ...device, ...(key === '' ? {} : { recoveryKey: key }) }),
  );
  useEntering(task.state.kind === 'done');
  if (task.state.kind === 'running' || task.state.kind === 'done') {
    return (
      <GatePage title={words.signingIn} lead={<bdi>{addressOf(entry[0].address)}</bdi>}>
        <Working names={STEPS} step={task.state.kind === 'running' ? task.state.step : 'done'} onStop={task.stop} />
      </GatePage>
    );
  }
  return (
    <GatePage title={words.title} lead={words.lead} back="/welcome">
      <EntryForm
        entry={entry}
        label={words.title}
        words={words}
        fault={task.fault}
        onEnter={(asked) => task.start({ ...asked, recoveryKey: recoveryKey.trim() })}
      >
        {(codeOf(task.fault) === 'kit-needed' || recoveryKey !== '') && (
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
      </EntryForm>
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
