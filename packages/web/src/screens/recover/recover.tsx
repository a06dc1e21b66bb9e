import type { Address } from '@sotto/protocol';
import { type JSX, useState } from 'react';
import { useDo } from '../../app/queries.ts';
import { Button } from '../../kit/button.tsx';
import { TextBox } from '../../kit/field.tsx';
import { Notice } from '../../kit/notice.tsx';
import { useText } from '../../text/language.tsx';
import { GateForm } from '../gate/form.tsx';
import { GateFault } from '../gate/gate-fault.tsx';
import { GatePage } from '../gate/gate-page.tsx';
import { NewStart } from './new-start.tsx';
import { kitOf } from './pasted-kit.ts';
import { text } from './text.ts';

/** Gets back into an account by its recovery key, with a new passphrase. */
export function Recover(): JSX.Element {
  const words = useText(text);
  const [typed, setTyped] = useState('');
  const [isJudged, setJudged] = useState(false);
  const open = useDo(
    ({ gate }, { key, ca }: { readonly key: string; readonly ca: string | null }): Promise<Address> =>
      gate.openKit({ server: location.origin, ca, key }),
  );
  if (open.data !== undefined) return <NewStart address={open.data} />;
  const kit = kitOf(typed);
  const elsewhere = kit?.server != null && kit.server !== location.origin ? kit.server : null;
  const submit = (): void => {
    setJudged(true);
    if (kit !== null && elsewhere === null) open.mutate({ key: kit.key, ca: kit.ca });
  };
  return (
    <GatePage title={words.title} lead={words.lead} back="/welcome">
      <GateForm onSubmit={submit} label={words.title}>
        <TextBox
          label={words.key}
          hint={words.keyHint}
          value={typed}
          onChange={setTyped}
          error={isJudged && kit === null ? words.malformed : undefined}
          placeholder="0000-0000-0000-0000-0000-0000-0000-0000"
          rows={3}
          autoComplete="off"
          spellCheck="false"
          autoFocus
        />
        {elsewhere !== null && (
          <Notice tone="warning" title={words.elsewhere}>
            <p>{words.elsewhereHint}</p>
            <p>
              <a href={`${elsewhere}/recover`} rel="noopener noreferrer" target="_blank">
                <bdi>{elsewhere}</bdi>
              </a>
            </p>
          </Notice>
        )}
        <GateFault fault={open.error} />
        <Button type="submit" kind="primary" wide isPending={open.isPending} isDisabled={elsewhere !== null}>
          {words.open}
        </Button>
      </GateForm>
    </GatePage>
  );
}
