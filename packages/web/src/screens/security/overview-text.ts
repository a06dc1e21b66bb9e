import { defineText } from '../../text/language.tsx';

export const text = defineText({
  en: {
    title: 'How your account stands',
    lead: 'Sotto checks all of this by itself. Here you see what it found, and can look at the proof.',
    show: 'Show',
    identity: 'Your identity',
    identityLead: 'Others compare this fingerprint once, by another way than Sotto, and then know that it is you.',
    fingerprint: 'fingerprint',
    server: {
      good: 'The home server keeps its word',
      goodDetail: 'Everything that it showed fits together.',
      bad: 'The home server was refused',
      badDetail: (code: string) => `It contradicts itself (${code}). Nothing is sent until that is explained.`,
    },
    back: {
      good: 'You have ways back into your account',
      goodDetail: 'If this browser loses its keys, another device or the recovery key opens the account.',
      bad: 'If this browser loses its keys, your account is lost',
      badDetail: 'Make a recovery key or link a second device.',
      one: 'You have one way back into your account',
      oneDetail: 'Another one would be good: link a second device, or make a recovery key.',
    },
    log: {
      good: 'Your keys are the same for everybody',
      goodDetail: 'They stand in the public log, which this device follows.',
      bad: 'The log does not show your keys',
      badDetail: 'The server withholds them, or has not written them yet.',
      none: 'The log was not read yet',
      noneDetail: 'It is read with the next contact to the server.',
    },
    audit: {
      bad: (count: number) => (count === 1 ? '1 room did not pass verification' : `${count} rooms did not pass`),
      badDetail: 'What they show may not be the whole of it.',
      good: 'What you accepted was verified twice',
      some: 'Verification goes on in the background',
      detail: (done: number, total: number) => `${done} of ${total} entries were verified once more.`,
    },
    warnings: {
      none: 'Nothing was refused',
      noneDetail: 'The key log holds no warnings.',
      some: (count: number) => (count === 1 ? '1 warning in the key log' : `${count} warnings in the key log`),
      someDetail: 'Something was refused or missing; the log says what, and what to do.',
    },
    rules: {
      none: 'Your organisation has set no rules',
      noneDetail: 'Only your organisation can sign some; the server cannot.',
      some: (version: number) => `You obey version ${version} of the rules`,
      detail: 'They are signed by your organisation; the server cannot change them.',
      pending: (count: number) =>
        count === 1 ? '1 new rule waits for your yes' : `${count} new rules wait for your yes`,
      pendingDetail: 'Until then the stricter of old and new holds.',
    },
  },
  de: {
    title: 'Wie es um Ihr Konto steht',
    lead: 'All das prüft Sotto von selbst. Hier sehen Sie, was gefunden wurde, und die Beweise dafür.',
    show: 'Ansehen',
    identity: 'Ihre Identität',
    identityLead:
      'Andere vergleichen diesen Fingerabdruck einmal, auf anderem Weg als über Sotto, und wissen dann, dass Sie es sind.',
    fingerprint: 'Fingerabdruck',
    server: {
      good: 'Der Heimserver hält Wort',
      goodDetail: 'Alles, was er gezeigt hat, passt zusammen.',
      bad: 'Der Heimserver wurde abgewiesen',
      badDetail: (code: string) => `Er widerspricht sich (${code}). Nichts wird gesendet, bis das geklärt ist.`,
    },
    back: {
      good: 'Sie haben Wege zurück in Ihr Konto',
      goodDetail:
        'Verliert dieser Browser seine Schlüssel, öffnet ein anderes Gerät oder der Wiederherstellungsschlüssel das Konto.',
      bad: 'Verliert dieser Browser seine Schlüssel, ist Ihr Konto verloren',
      badDetail: 'Legen Sie einen Wiederherstellungsschlüssel an oder verbinden Sie ein zweites Gerät.',
      one: 'Sie haben einen Weg zurück in Ihr Konto',
      oneDetail:
        'Ein weiterer wäre gut: Verbinden Sie ein zweites Gerät, oder legen Sie einen Wiederherstellungsschlüssel an.',
    },
    log: {
      good: 'Ihre Schlüssel sind für alle dieselben',
      goodDetail: 'Sie stehen im öffentlichen Protokoll, dem dieses Gerät folgt.',
      bad: 'Das Protokoll zeigt Ihre Schlüssel nicht',
      badDetail: 'Der Server hält sie zurück oder hat sie noch nicht eingetragen.',
      none: 'Das Protokoll wurde noch nicht gelesen',
      noneDetail: 'Es wird beim nächsten Kontakt mit dem Server gelesen.',
    },
    audit: {
      bad: (count: number) =>
        count === 1 ? '1 Raum hat die Prüfung nicht bestanden' : `${count} Räume haben nicht bestanden`,
      badDetail: 'Was sie zeigen, ist vielleicht nicht alles.',
      good: 'Was Sie angenommen haben, wurde zweimal geprüft',
      some: 'Die Prüfung läuft im Hintergrund weiter',
      detail: (done: number, total: number) => `${done} von ${total} Einträgen wurden noch einmal geprüft.`,
    },
    warnings: {
      none: 'Nichts wurde abgewiesen',
      noneDetail: 'Das Schlüsselprotokoll enthält keine Warnungen.',
      some: (count: number) =>
        count === 1 ? '1 Warnung im Schlüsselprotokoll' : `${count} Warnungen im Schlüsselprotokoll`,
      someDetail: 'Etwas wurde abgewiesen oder fehlte; das Protokoll sagt, was, und was zu tun ist.',
    },
    rules: {
      none: 'Ihre Organisation hat keine Regeln gesetzt',
      noneDetail: 'Unterschreiben kann sie nur Ihre Organisation, nicht der Server.',
      some: (version: number) => `Sie befolgen Fassung ${version} der Regeln`,
      detail: 'Ihre Organisation hat sie unterschrieben; der Server kann sie nicht ändern.',
      pending: (count: number) =>
        count === 1 ? '1 neue Regel wartet auf Ihr Ja' : `${count} neue Regeln warten auf Ihr Ja`,
      pendingDetail: 'Bis dahin gilt die strengere von alter und neuer.',
    },
  },
});
