import { type JSX, useState } from 'react';
import { useDo } from '../../app/queries.ts';
import { useVaultState } from '../../app/vaults.tsx';
import { Button } from '../../kit/button.tsx';
import { PassphraseField, TextField } from '../../kit/field.tsx';
import { useText } from '../../text/language.tsx';
import { useEnter } from '../gate/entering.ts';
import { Aligned, GateForm } from '../gate/form.tsx';
import { codeOf, GateFault } from '../gate/gate-fault.tsx';
import { GatePage } from '../gate/gate-page.tsx';
import { Redirect } from '../gate/redirect.tsx';
import { KeyFile } from './key-file.tsx';
import { KitSheet } from './kit-sheet.tsx';
import { type RecoveryKit, today } from './kit-text.ts';
import { text } from './text.ts';

/** Makes the one key that opens the account when everything else is lost, shows it once, and has a part of it proved. */
export function Kit(): JSX.Element {
  const state = useVaultState();
  if (state.kind === 'open') return <KitOf key={state.address} />;
  return <Redirect to="/unlock" next="/kit" />;
}

function KitOf(): JSX.Element {
  const words = useText(text);
  const enter = useEnter();
  const [kit, setKit] = useState<RecoveryKit | null>(null);
  const [isProved, setProved] = useState(false);
  const [oldKey, setOldKey] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const make = useDo(async ({ tools, box }, proof: Proof) => {
    const { address, fingerprint, server, caFingerprint } = await box.card();
    const key = await tools.newRecoveryKey();
    const made = { address, fingerprint, server, caFingerprint, key, madeOn: today() };
    // Seen before it counts: a key in force that nobody has could not be replaced by itself.
    setKit(made);
    try {
      await tools.setRecoveryKey({ key, ...proof });
    } catch (cause) {
      setKit(null);
      throw cause;
    }
  });
  const isReplacing = codeOf(make.error) === 'second-signer-needed' || oldKey !== '' || passphrase !== '';
  const submit = (): void =>
    make.mutate({
      ...(oldKey === '' ? {} : { oldKey }),
      ...(passphrase === '' ? {} : { passphrase }),
    });
  if (isProved) {
    return (
      <GatePage title={words.done.title} lead={words.done.lead}>
        <KeyFile />
        <Button kind="primary" wide autoFocus onPress={enter}>
          {words.done.go}
        </Button>
      </GatePage>
    );
  }
  if (kit !== null) {
    return (
      <GatePage title={words.shown.title} lead={words.shown.lead}>
        <KitSheet kit={kit} isInForce={make.isSuccess} onProved={() => setProved(true)} />
      </GatePage>
    );
  }
  return (
    <GatePage title={words.title} lead={words.lead}>
      <p>{words.why}</p>
      <GateForm onSubmit={submit} label={words.title}>
        {isReplacing && (
          <>
            <p>{words.replace.hint}</p>
            <TextField
              label={words.replace.oldKey}
              value={oldKey}
              onChange={setOldKey}
              autoComplete="off"
              spellCheck="false"
              autoFocus
            />
            <PassphraseField
              label={words.replace.passphrase}
              value={passphrase}
              onChange={setPassphrase}
              autoComplete="current-password"
            />
          </>
        )}
        <GateFault fault={make.error} />
        <Button type="submit" kind="primary" wide isPending={make.isPending} autoFocus={!isReplacing}>
          {words.make}
        </Button>
      </GateForm>
      <Aligned>
        <Button kind="quiet" onPress={enter}>
          {words.later}
        </Button>
      </Aligned>
    </GatePage>
  );
}

interface Proof {
  readonly oldKey?: string;
  readonly passphrase?: string;
}
