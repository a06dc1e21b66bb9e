import { FileKey } from 'lucide-react';
import { type JSX, useState } from 'react';
import { useDo } from '../../app/queries.ts';
import { saveFile } from '../../app/save-file.ts';
import { useOpenVault } from '../../app/vaults.tsx';
import { Button } from '../../kit/button.tsx';
import { PassphraseField } from '../../kit/field.tsx';
import { useText } from '../../text/language.tsx';
import { Folded, GateForm } from '../gate/form.tsx';
import { GateFault } from '../gate/gate-fault.tsx';
import { isAllowed } from '../gate/new-passphrase.tsx';
import { text } from './text.ts';

/** Certificate and key of this device as a PKCS#12 file, for programs that ask for one. */
export function KeyFile(): JSX.Element {
  const words = useText(text).keyFile;
  const { address } = useOpenVault();
  const [passphrase, setPassphrase] = useState('');
  const [isJudged, setJudged] = useState(false);
  const make = useDo(({ tools }, typed: string) => tools.exportKeyFile(typed));
  const submit = (): void => {
    setJudged(true);
    if (!isAllowed(passphrase)) return;
    make.mutate(passphrase, {
      onSuccess: (bytes) =>
        saveFile(`${address}.p12`, new Blob([Uint8Array.from(bytes)], { type: 'application/x-pkcs12' })),
    });
  };
  return (
    <Folded title={words.title}>
      <p>{words.what}</p>
      <GateForm onSubmit={submit} label={words.title}>
        <PassphraseField
          label={words.passphrase}
          value={passphrase}
          onChange={setPassphrase}
          error={isJudged && !isAllowed(passphrase) ? words.weak : undefined}
          autoComplete="off"
        />
        <GateFault fault={make.error} />
        <div>
          <Button type="submit" icon={<FileKey />} isPending={make.isPending}>
            {words.save}
          </Button>
        </div>
      </GateForm>
    </Folded>
  );
}
