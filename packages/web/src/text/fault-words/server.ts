import { alike, type FaultWordTable, words } from './words.ts';

const UNTRUE = words('refused', {
  en: [
    'The server answered with something that is not right',
    'Try again. If it happens again, tell your administrator the code.',
  ],
  de: [
    'Der Server hat mit etwas geantwortet, das nicht stimmt',
    'Versuchen Sie es noch einmal. Geschieht es wieder, nennen Sie Ihrem Administrator den Code.',
  ],
});

const IMPOSTOR = words('unchanged', {
  en: [
    'This is not the server that your account belongs to',
    'Do not go on. Ask your administrator by another way than this server.',
  ],
  de: [
    'Das ist nicht der Server, zu dem Ihr Konto gehört',
    'Machen Sie nicht weiter. Fragen Sie Ihren Administrator auf einem anderen Weg als über diesen Server.',
  ],
});

const INTERRUPTED = words('kept', {
  en: ['The connection ended', 'Try again; what waits goes out by itself.'],
  de: ['Die Verbindung ist abgebrochen', 'Versuchen Sie es noch einmal; was wartet, geht von selbst hinaus.'],
});

const CLOCK = words('unchanged', {
  en: ['Clocks disagree', 'Set the clock of this computer right; if it is, tell your administrator.'],
  de: [
    'Die Uhren gehen verschieden',
    'Stellen Sie die Uhr dieses Computers richtig; geht sie richtig, sagen Sie es Ihrem Administrator.',
  ],
});

const WEAKENED = words('refused', {
  en: [
    'The server asked for a protection of the passphrase that is not accepted',
    'Do not use it until your administrator knows why.',
  ],
  de: [
    'Der Server verlangt einen Schutz der Passphrase, der nicht annehmbar ist',
    'Benutzen Sie ihn nicht, bis Ihr Administrator weiß, warum.',
  ],
});

/** The home server: out of reach, another one, one that lies, one in trouble. */
export const serverWords: FaultWordTable = {
  unreachable: words('kept', {
    en: [
      'The home server cannot be reached',
      'Messages go out by themselves as soon as the server answers; anything else you try again then.',
    ],
    de: [
      'Der Heimserver ist nicht erreichbar',
      'Nachrichten gehen von selbst hinaus, sobald der Server antwortet; alles andere versuchen Sie dann noch einmal.',
    ],
  }),
  unavailable: words('kept', {
    en: ['The home server has trouble', 'Try again later; whoever runs it finds the reason in its log.'],
    de: [
      'Der Heimserver hat Schwierigkeiten',
      'Versuchen Sie es später noch einmal; wer ihn betreibt, findet den Grund in seinem Protokoll.',
    ],
  }),
  'server-error': words('saved', {
    en: ['The server had a fault of its own', 'Try again. If it stays, tell your administrator the code.'],
    de: [
      'Der Server hatte selbst einen Fehler',
      'Versuchen Sie es noch einmal. Bleibt es, nennen Sie Ihrem Administrator den Code.',
    ],
  }),
  'operation-unknown': words('unchanged', {
    en: ['The server is older than this client', 'Ask your administrator to update it.'],
    de: ['Der Server ist älter als dieses Programm', 'Bitten Sie Ihren Administrator, ihn zu aktualisieren.'],
  }),
  ...alike(['channel-interrupted', 'channel-timeout', 'channel-closed'], INTERRUPTED),
  'channel-broken': words('kept', {
    en: [
      'Something between here and the server alters the traffic',
      'Try again; if it stays, use another network and tell your administrator.',
    ],
    de: [
      'Etwas zwischen hier und dem Server verändert die Daten',
      'Versuchen Sie es noch einmal; bleibt es, nehmen Sie ein anderes Netz und sagen Sie es Ihrem Administrator.',
    ],
  }),
  ...alike(
    ['tls-refused', 'channel-unauthenticated', 'certificate-mismatch', 'certificate-issuer', 'certificate-signature'],
    IMPOSTOR,
  ),
  ...alike(['clock-skew', 'certificate-expired', 'certificate-not-yet-valid', 'crl-stale'], CLOCK),
  'certificate-revoked': words('refused', {
    en: ['The certificate of that device was withdrawn', 'Ask its owner which device they use now.'],
    de: [
      'Das Zertifikat dieses Geräts wurde zurückgezogen',
      'Fragen Sie, wem es gehört, welches Gerät jetzt benutzt wird.',
    ],
  }),
  ...alike(['kdf-downgrade', 'kdf-too-costly'], WEAKENED),
  ...alike(
    [
      'answer-malformed',
      'bundle-invalid',
      'frame-malformed',
      'opaque-malformed',
      'head-invalid',
      'crl-profile',
      'crl-signature',
      'checkpoint-malformed',
      'checkpoint-invalid',
      'epoch-malformed',
      'request-profile',
      'request-signature',
    ],
    UNTRUE,
  ),
  'proof-invalid': words('refused', {
    en: [
      'The server proves what it says of somebody with a proof that does not hold',
      'Compare with that person by another way, and tell your administrator.',
    ],
    de: [
      'Der Server belegt, was er über jemanden sagt, mit einem Beweis, der nicht stimmt',
      'Vergleichen Sie mit der Person auf einem anderen Weg, und sagen Sie es Ihrem Administrator.',
    ],
  }),
  'head-too-old': words('unchanged', {
    en: ['What is known of the other side is too old to seal to it', 'Try again when the server is in reach.'],
    de: [
      'Was über die andere Seite bekannt ist, ist zu alt, um für sie zu verschlüsseln',
      'Versuchen Sie es noch einmal, wenn der Server erreichbar ist.',
    ],
  }),
  'server-restored': words('evidence', {
    en: [
      'The server was restored from a backup and lacks what is kept here',
      'Leave this device as it is and try again later; tell your administrator.',
    ],
    de: [
      'Der Server wurde aus einer Sicherung hergestellt, und ihm fehlt, was hier aufbewahrt ist',
      'Lassen Sie dieses Gerät, wie es ist, und versuchen Sie es später; sagen Sie es Ihrem Administrator.',
    ],
  }),
  'restored-unconfirmed': words('kept', {
    en: [
      'The server was restored from a backup',
      'What you wrote waits, and is sent once the members have compared what they know.',
    ],
    de: [
      'Der Server wurde aus einer Sicherung hergestellt',
      'Was Sie schrieben, wartet und geht hinaus, sobald die Mitglieder verglichen haben, was sie wissen.',
    ],
  }),
  ...alike(
    ['rollback', 'crl-rollback'],
    words('evidence', {
      en: [
        'The server shows less than it did before',
        'Nothing is sent until it shows all of it again. Tell your administrator: an older copy is in its place, or it lies.',
      ],
      de: [
        'Der Server zeigt weniger als zuvor',
        'Nichts wird gesendet, bis er wieder alles zeigt. Sagen Sie es Ihrem Administrator: Eine ältere Kopie ist an seiner Stelle, oder er lügt.',
      ],
    }),
  ),
  'split-view': words('evidence', {
    en: [
      'The server shows different people different pasts',
      'Send nothing that matters until you have compared with the others by another way what they see.',
    ],
    de: [
      'Der Server zeigt verschiedenen Leuten verschiedene Vergangenheiten',
      'Senden Sie nichts Wichtiges, bis Sie mit den anderen auf einem anderen Weg verglichen haben, was sie sehen.',
    ],
  }),
  'log-withheld': words('refused', {
    en: [
      'The server keeps back whether these keys are in its public log',
      'Until it shows them, compare the fingerprint by another way, and tell your administrator.',
    ],
    de: [
      'Der Server hält zurück, ob diese Schlüssel in seinem öffentlichen Protokoll stehen',
      'Bis er sie zeigt, vergleichen Sie den Fingerabdruck auf einem anderen Weg, und sagen Sie es Ihrem Administrator.',
    ],
  }),
  'policy-forbids': words('unchanged', {
    en: ['The rules of your organisation do not allow this', 'Ask the owner of the organisation if you need it.'],
    de: [
      'Die Regeln Ihrer Organisation erlauben das nicht',
      'Fragen Sie den Besitzer der Organisation, wenn Sie es brauchen.',
    ],
  }),
  'policy-outdated': words('unchanged', {
    en: ['Another set of rules was published meanwhile', 'Look at it, then agree, or publish yours again.'],
    de: [
      'Inzwischen wurden andere Regeln veröffentlicht',
      'Sehen Sie sie an, und stimmen Sie zu, oder veröffentlichen Sie Ihre neu.',
    ],
  }),
  'policy-key-missing': words('unchanged', {
    en: [
      'The key that signs the rules is not on this device',
      'Use the account of the first owner, or import its export.',
    ],
    de: [
      'Der Schlüssel, der die Regeln unterschreibt, ist nicht auf diesem Gerät',
      'Nehmen Sie das Konto des ersten Besitzers, oder importieren Sie dessen Export.',
    ],
  }),
  ...alike(
    ['policy-invalid', 'policy-rollback', 'policy-split'],
    words('evidence', {
      en: [
        'The server shows rules that its owner did not make like this',
        'The rules that you saw before stay in force. Tell the owner of the organisation.',
      ],
      de: [
        'Der Server zeigt Regeln, die sein Besitzer so nicht gemacht hat',
        'Die Regeln, die Sie zuvor gesehen haben, gelten weiter. Sagen Sie es dem Besitzer der Organisation.',
      ],
    }),
  ),
  'last-owner': words('unchanged', {
    en: ['An organisation needs an owner', 'Name another owner first.'],
    de: ['Eine Organisation braucht einen Besitzer', 'Ernennen Sie zuerst einen anderen.'],
  }),
  ...alike(
    ['audit-broken', 'audit-failed'],
    words('evidence', {
      en: [
        'What was recorded does not hold together',
        'Believe nothing that is marked before you have compared it with the people concerned, or with an export.',
      ],
      de: [
        'Das Aufgezeichnete passt nicht zusammen',
        'Glauben Sie nichts Markiertem, bis Sie es mit den Betroffenen oder mit einem Export verglichen haben.',
      ],
    }),
  ),
  'not-authorised': words('unchanged', {
    en: ['You may not do this', 'Ask the owner of the organisation.'],
    de: ['Das dürfen Sie nicht', 'Fragen Sie den Besitzer der Organisation.'],
  }),
  'quota-exceeded': words('unchanged', {
    en: ['There is no more room for this at the server', 'Delete what is not needed, or ask your administrator.'],
    de: [
      'Dafür ist am Server kein Platz mehr',
      'Löschen Sie, was nicht gebraucht wird, oder fragen Sie Ihren Administrator.',
    ],
  }),
};
