import { Fault } from '@sotto/bytes';
import { Download } from 'lucide-react';
import { type JSX, useState } from 'react';
import { useDo, useRead } from '../../app/queries.ts';
import { saveFile } from '../../app/save-file.ts';
import { useOpenVault } from '../../app/vaults.tsx';
import { Button } from '../../kit/button.tsx';
import { Copyable } from '../../kit/copyable.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { PassphraseField } from '../../kit/field.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { say } from '../../kit/toasts.ts';
import { useText } from '../../text/language.tsx';
import { text } from './certificates-text.ts';
import styles from './security.module.css';

/** The account's identity and certificates, and its keys as a file. */
export function Certificates(): JSX.Element {
  const words = useText(text);
  const { fingerprint, suite, server, caFingerprint } = useRead(['account'], ({ box }) => box.showAccount());
  return (
    <Page title={words.title} lead={words.lead} back="/security/{-$part}">
      <Section title={words.identity}>
        <dl className={styles['facts']}>
          <dt>{words.fingerprint}</dt>
          <dd>
            <Copyable label={words.fingerprint} value={fingerprint} grouped />
          </dd>
          <dt>{words.suite}</dt>
          <dd>{suite}</dd>
          <dt>{words.server}</dt>
          <dd>
            <bdi>{server}</bdi>
          </dd>
          <dt>{words.ca}</dt>
          <dd>
            <Copyable label={words.ca} value={caFingerprint} grouped />
          </dd>
        </dl>
      </Section>
      <Section title={words.certificates} lead={words.certificatesLead}>
        <div className={styles['row']}>
          <Certificate use="signature" />
          <Certificate use="encryption" />
        </div>
      </Section>
      <KeyFile />
    </Page>
  );
}

function Certificate({ use }: { readonly use: 'signature' | 'encryption' }): JSX.Element | null {
  const words = useText(text);
  const { address } = useOpenVault();
  const pem = useRead(['certificate', use], async ({ box }) => {
    try {
      return await box.certificate(use);
    } catch (cause) {
      if (cause instanceof Fault && cause.code === 'not-classic') return null;
      throw cause;
    }
  });
  if (pem === null) return <Notice title={words.notClassic}>{words.notClassicDetail}</Notice>;
  return (
    <Button icon={<Download />} onPress={() => saveFile(`${address}-${use}.pem`, pem, 'application/x-pem-file')}>
      {words[use]}
    </Button>
  );
}

function KeyFile(): JSX.Element {
  const words = useText(text);
  const { address } = useOpenVault();
  const { export: isAllowed } = useRead(['policy'], ({ box }) => box.policy.state()).inForce;
  const [passphrase, setPassphrase] = useState('');
  const save = useDo(async ({ tools }, secret: string) => {
    saveFile(`${address}.p12`, await tools.exportKeyFile(secret), 'application/x-pkcs12');
    setPassphrase('');
    say(words.saved);
  });
  if (!isAllowed) return <Section title={words.keyFile} lead={words.forbidden} />;
  return (
    <Section title={words.keyFile} lead={words.keyFileLead}>
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          if (passphrase !== '' && !save.isPending) save.mutate(passphrase);
        }}
      >
        <PassphraseField
          label={words.filePassphrase}
          hint={words.filePassphraseHint}
          value={passphrase}
          onChange={setPassphrase}
          autoComplete="off"
        />
        {save.error !== null && <FaultNotice fault={save.error} />}
        <Button type="submit" icon={<Download />} isDisabled={passphrase === ''} isPending={save.isPending}>
          {words.save}
        </Button>
      </form>
    </Section>
  );
}
