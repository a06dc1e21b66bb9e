import type { JSX } from 'react';
import { useAct } from '../../app/asked.ts';
import { Badge } from '../../kit/badge.tsx';
import { Button } from '../../kit/button.tsx';
import { Copyable } from '../../kit/copyable.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { Time } from '../../kit/time.tsx';
import { lookForRelease, switchRelease } from '../../release/release.ts';
import { useRelease } from '../../release/release-guard.tsx';
import type { ReleaseFacts } from '../../release/state.ts';
import { defineText, useText } from '../../text/language.tsx';
import styles from './security.module.css';

/** Which program runs here, and what proves that it is the one that was released. */
export function Client(): JSX.Element {
  const words = useText(text);
  const { protection, current, update } = useRelease();
  const look = useAct((_vaults, _: null) => lookForRelease(), { said: words.looked });
  return (
    <Page
      title={words.title}
      lead={words.lead}
      back="/security/{-$part}"
      actions={
        <Button isPending={look.isPending} isDisabled={protection === 'unprotected'} onPress={() => look.mutate(null)}>
          {words.look}
        </Button>
      }
    >
      <Notice tone={protection === 'unprotected' ? 'warning' : 'info'} title={words.protection[protection]}>
        <p>{words.protectionDetail[protection]}</p>
      </Notice>
      {update !== null && (
        <Section
          title={words.update}
          lead={words.updateLead}
          actions={
            <Button kind="primary" onPress={() => void switchRelease()}>
              {words.switch}
            </Button>
          }
        >
          <Facts facts={update} />
        </Section>
      )}
      <Section title={words.current} actions={current !== null && <Badge tone="good">{words.matches}</Badge>}>
        {current === null ? <p>{words.unknown}</p> : <Facts facts={current} />}
      </Section>
    </Page>
  );
}

function Facts({
  facts: { version, at, hash, keyFingerprint, workerHash },
}: {
  readonly facts: ReleaseFacts;
}): JSX.Element {
  const words = useText(text);
  return (
    <dl className={styles['facts']}>
      <dt>{words.version}</dt>
      <dd>{version}</dd>
      <dt>{words.built}</dt>
      <dd>
        <Time at={at} isExact />
      </dd>
      <dt>{words.hash}</dt>
      <dd>
        <Copyable label={words.hash} value={hash} grouped />
      </dd>
      <dt>{words.key}</dt>
      <dd>
        <Copyable label={words.key} value={keyFingerprint} grouped />
      </dd>
      <dt>{words.worker}</dt>
      <dd>
        <Copyable label={words.worker} value={workerHash} grouped />
      </dd>
    </dl>
  );
}

const text = defineText({
  en: {
    title: 'This program',
    lead: 'Your server hands out the program that runs here. It is signed by those who make it, and every file is checked against that signature before it runs.',
    look: 'Look for a newer one',
    looked: 'The newest release is known.',
    protection: {
      kept: 'Every file was checked against the signed list',
      'first-load': 'From the next load on every file is checked',
      unprotected: 'This browser cannot check the program',
    },
    protectionDetail: {
      kept: 'The server cannot slip in another program unnoticed: one that is not signed, not listed, altered or older is refused, and you are told.',
      'first-load':
        'What you see now came straight from the server. It was pinned, and nothing else is taken from now on.',
      unprotected: 'The server’s word is all there is. A normal window of a current browser checks every file.',
    },
    update: 'A newer release waits',
    updateLead: 'It passed every check. All tabs load anew with it.',
    switch: 'Use it now',
    current: 'In use',
    matches: 'Matches its manifest',
    unknown: 'No release was judged in this browser yet.',
    version: 'Version',
    built: 'Built',
    hash: 'SHA-256 of the manifest',
    key: 'Fingerprint of the release key',
    worker: 'SHA-256 of the service worker',
  },
  de: {
    title: 'Dieses Programm',
    lead: 'Ihr Server gibt das Programm aus, das hier läuft. Es ist von denen unterschrieben, die es herstellen, und jede Datei wird gegen diese Unterschrift geprüft, bevor sie läuft.',
    look: 'Nach einem neueren sehen',
    looked: 'Die neueste Fassung ist bekannt.',
    protection: {
      kept: 'Jede Datei wurde gegen die unterschriebene Liste geprüft',
      'first-load': 'Ab dem nächsten Laden wird jede Datei geprüft',
      unprotected: 'Dieser Browser kann das Programm nicht prüfen',
    },
    protectionDetail: {
      kept: 'Der Server kann kein anderes Programm unbemerkt unterschieben: Was nicht unterschrieben, nicht aufgeführt, verändert oder älter ist, wird abgewiesen, und Sie erfahren es.',
      'first-load':
        'Was Sie jetzt sehen, kam geradewegs vom Server. Es wurde festgehalten, und von nun an wird nichts anderes genommen.',
      unprotected:
        'Es gilt allein das Wort des Servers. Ein normales Fenster eines aktuellen Browsers prüft jede Datei.',
    },
    update: 'Eine neuere Fassung wartet',
    updateLead: 'Sie hat jede Prüfung bestanden. Alle Tabs laden mit ihr neu.',
    switch: 'Jetzt benutzen',
    current: 'In Benutzung',
    matches: 'Entspricht ihrem Manifest',
    unknown: 'In diesem Browser wurde noch keine Fassung beurteilt.',
    version: 'Fassung',
    built: 'Gebaut',
    hash: 'SHA-256 des Manifests',
    key: 'Fingerabdruck des Veröffentlichungsschlüssels',
    worker: 'SHA-256 des Service Workers',
  },
});
