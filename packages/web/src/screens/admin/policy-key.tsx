import { Download, Upload } from 'lucide-react';
import { type JSX, useState } from 'react';
import { FileTrigger } from 'react-aria-components';
import { useAct } from '../../app/asked.ts';
import { useDo } from '../../app/queries.ts';
import { saveFile } from '../../app/save-file.ts';
import { Button } from '../../kit/button.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { PassphraseField } from '../../kit/field.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { say } from '../../kit/toasts.ts';
import { defineText, useText } from '../../text/language.tsx';
import styles from './admin.module.css';

/** The key that signs the rules, carried to another device as a file. */
export function PolicyKey(): JSX.Element {
  const words = useText(text);
  return (
    <Page title={words.title} lead={words.lead} back="/admin/{-$part}">
      <Notice tone="security" title={words.warning}>
        <p>{words.warningDetail}</p>
      </Notice>
      <ExportKey />
      <ImportKey />
    </Page>
  );
}

function ExportKey(): JSX.Element {
  const words = useText(text);
  const [passphrase, setPassphrase] = useState('');
  const save = useDo(async ({ box }, secret: string) => {
    saveFile('policy-key.sotto', await box.admin.exportPolicyKey(secret), 'application/octet-stream');
    setPassphrase('');
    say(words.saved);
  });
  return (
    <Section title={words.export} lead={words.exportLead}>
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          if (passphrase !== '' && !save.isPending) save.mutate(passphrase);
        }}
      >
        <PassphraseField label={words.filePassphrase} value={passphrase} onChange={setPassphrase} autoComplete="off" />
        {save.error !== null && <FaultNotice fault={save.error} />}
        <Button type="submit" icon={<Download />} isDisabled={passphrase === ''} isPending={save.isPending}>
          {words.save}
        </Button>
      </form>
    </Section>
  );
}

function ImportKey(): JSX.Element {
  const words = useText(text);
  const [passphrase, setPassphrase] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const take = useAct(
    async ({ box }, chosen: File) => box.admin.importPolicyKey(new Uint8Array(await chosen.arrayBuffer()), passphrase),
    {
      said: words.imported,
      after: () => {
        setPassphrase('');
        setFile(null);
      },
    },
  );
  return (
    <Section title={words.import} lead={words.importLead}>
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          if (file !== null && passphrase !== '' && !take.isPending) take.mutate(file);
        }}
      >
        <div className={styles['row']}>
          <FileTrigger onSelect={(files) => setFile(files?.[0] ?? null)}>
            <Button icon={<Upload />}>{words.choose}</Button>
          </FileTrigger>
          {file !== null && <bdi>{file.name}</bdi>}
        </div>
        <PassphraseField label={words.filePassphrase} value={passphrase} onChange={setPassphrase} autoComplete="off" />
        {take.error !== null && <FaultNotice fault={take.error} />}
        <Button type="submit" isDisabled={file === null || passphrase === ''} isPending={take.isPending}>
          {words.take}
        </Button>
      </form>
    </Section>
  );
}

const text = defineText({
  en: {
    title: 'Policy key',
    lead: 'It signs the rules of the organisation. Every account obeys no other key, and the server never has it.',
    warning: 'Whoever has this key makes the rules for everybody',
    warningDetail: 'Keep a copy offline: if it is lost the rules can never be changed again.',
    export: 'Save a copy',
    exportLead: 'A file under a passphrase of its own. Only a device that has the key can do this.',
    import: 'Bring it to this device',
    importLead: 'From a copy. From then on this device can sign rules.',
    filePassphrase: 'Passphrase of the file',
    save: 'Save the copy',
    saved: 'The copy is saved. Keep it offline.',
    choose: 'Choose the file',
    take: 'Take the key',
    imported: 'The policy key is in this vault.',
  },
  de: {
    title: 'Regelschlüssel',
    lead: 'Er unterschreibt die Regeln der Organisation. Kein Konto befolgt einen anderen Schlüssel, und der Server hat ihn nie.',
    warning: 'Wer diesen Schlüssel hat, macht die Regeln für alle',
    warningDetail: 'Bewahren Sie eine Kopie offline auf: Geht er verloren, lassen sich die Regeln nie wieder ändern.',
    export: 'Kopie speichern',
    exportLead: 'Eine Datei unter einer eigenen Passphrase. Das kann nur ein Gerät, das den Schlüssel hat.',
    import: 'Auf dieses Gerät bringen',
    importLead: 'Von einer Kopie. Von da an kann dieses Gerät Regeln unterschreiben.',
    filePassphrase: 'Passphrase der Datei',
    save: 'Kopie speichern',
    saved: 'Die Kopie ist gespeichert. Bewahren Sie sie offline auf.',
    choose: 'Datei wählen',
    take: 'Schlüssel übernehmen',
    imported: 'Der Regelschlüssel ist in diesem Tresor.',
  },
});
