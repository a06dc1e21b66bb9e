import type { JSX } from 'react';
import { Button } from '../kit/button.tsx';
import { Notice } from '../kit/notice.tsx';
import { defineText, useText } from '../text/language.tsx';
import { useDo } from './queries.ts';
import styles from './shell.module.css';
import { useOpenVault } from './vaults.tsx';

/** The vault was deleted under an open account: what the page still shows is the last of it here. */
export function StorageGone(): JSX.Element | null {
  const words = useText(text);
  const { isGone } = useOpenVault();
  const lock = useDo(({ gate }, _: undefined) => gate.lock());
  if (!isGone) return null;
  return (
    <div className={styles['notice']}>
      <Notice
        tone="danger"
        title={words.title}
        isAnswer
        actions={
          <Button onPress={() => lock.mutate(undefined)} isPending={lock.isPending}>
            {words.lock}
          </Button>
        }
      >
        <p>{words.safe}</p>
        <p>{words.advice}</p>
        <p>
          {words.server} <code>storage-deleted</code>
        </p>
      </Notice>
    </div>
  );
}

const text = defineText({
  en: {
    title: 'This browser has deleted what Sotto kept here',
    safe: 'What reached the server is safe there, sealed. What waited to be sent here is lost, and from here nothing more is sent or received.',
    advice:
      'Copy what you still need from this page. Then lock it, and come back by another device or the recovery key; do not sign up anew.',
    server: 'If nobody cleared data here, tell your administrator: a server can ask a browser for it.',
    lock: 'Lock, and see the ways back',
  },
  de: {
    title: 'Dieser Browser hat gelöscht, was Sotto hier aufbewahrt',
    safe: 'Was der Server hat, ist dort verschlüsselt in Sicherheit. Was hier auf Versand wartete, ist verloren, und von hier aus wird nichts mehr gesendet oder empfangen.',
    advice:
      'Kopieren Sie von dieser Seite, was Sie noch brauchen. Sperren Sie dann, und kommen Sie mit einem anderen Gerät oder dem Wiederherstellungsschlüssel zurück; legen Sie kein neues Konto an.',
    server:
      'Hat hier niemand Daten gelöscht, sagen Sie es Ihrem Administrator: Ein Server kann das von einem Browser verlangen.',
    lock: 'Sperren und die Wege zurück sehen',
  },
});
