import { alike, type FaultWordTable, words } from './words.ts';

const DAMAGED = words('evidence', {
  en: [
    'The vault in this browser is damaged or an older copy',
    'Do not sign up anew. Link this browser again from another device, or use the recovery key; ask your administrator first if there is no other.',
  ],
  de: [
    'Der Tresor in diesem Browser ist beschädigt oder eine ältere Kopie',
    'Legen Sie kein neues Konto an. Verbinden Sie diesen Browser neu von einem anderen Gerät, oder nehmen Sie den Wiederherstellungsschlüssel; gibt es kein anderes, fragen Sie zuerst Ihren Administrator.',
  ],
});

const CONTAINER = words('unchanged', {
  en: [
    'This sealed message is not as it should be',
    'It was altered, or made with methods that are not accepted. Ask the sender to make it again.',
  ],
  de: [
    'Diese verschlüsselte Nachricht ist nicht, wie sie sein soll',
    'Sie wurde verändert oder mit Verfahren gemacht, die nicht annehmbar sind. Bitten Sie, sie neu zu machen.',
  ],
});

const CERTIFICATE = words('unchanged', {
  en: ['This certificate does not fit', 'Use a certificate for encryption with an RSA key of 3072 or 4096 bits.'],
  de: [
    'Dieses Zertifikat passt nicht',
    'Nehmen Sie ein Zertifikat zum Verschlüsseln mit einem RSA-Schlüssel von 3072 oder 4096 Bit.',
  ],
});

const AGENT = words('unchanged', {
  en: ['The background program answered unexpectedly', 'Stop it and start it again on the command line.'],
  de: [
    'Das Hintergrundprogramm hat unerwartet geantwortet',
    'Beenden Sie es und starten Sie es neu auf der Kommandozeile.',
  ],
});

/** Files, the vault, what was entered, certificates. */
export const thingWords: FaultWordTable = {
  bug: words('saved', {
    en: ['Sotto made a mistake', 'Load the page again. If it happens again, tell your administrator the code.'],
    de: [
      'Sotto hat einen Fehler gemacht',
      'Laden Sie die Seite neu. Geschieht es wieder, nennen Sie Ihrem Administrator den Code.',
    ],
  }),
  cancelled: words('unchanged', {
    en: ['Stopped', 'You can begin again at any time.'],
    de: ['Angehalten', 'Sie können jederzeit neu beginnen.'],
  }),
  ...alike(
    ['usage', 'input-needed', 'text-malformed', 'name-malformed'],
    words('unchanged', {
      en: ['Something in what was entered is not right', 'Check it and try again.'],
      de: ['Etwas an der Eingabe stimmt nicht', 'Prüfen Sie sie und versuchen Sie es noch einmal.'],
    }),
  ),
  'address-malformed': words('unchanged', {
    en: [
      'This is no address',
      'An address is name@domain. A name has letters from a to z, digits, and single dots, hyphens or underscores inside.',
    ],
    de: [
      'Das ist keine Adresse',
      'Eine Adresse ist name@domain. Ein Name hat Buchstaben von a bis z, Ziffern und innen einzelne Punkte, Binde- oder Unterstriche.',
    ],
  }),
  'device-name-malformed': words('unchanged', {
    en: ['This is no name for a device', 'Use 1 to 32 of the letters a to z, digits, and hyphens inside.'],
    de: [
      'So kann ein Gerät nicht heißen',
      'Nehmen Sie 1 bis 32 der Buchstaben a bis z, Ziffern und innen Bindestriche.',
    ],
  }),
  'profile-malformed': words('unchanged', {
    en: ['The profile does not fit', 'Use short, plain lines, and a PNG or JPEG picture of at most 64 KiB.'],
    de: [
      'Das Profil passt nicht',
      'Nehmen Sie kurze, einfache Zeilen und ein PNG- oder JPEG-Bild von höchstens 64 KiB.',
    ],
  }),
  'search-malformed': words('unchanged', {
    en: ['There is nothing to search for in this', 'Use at least one word of letters or digits.'],
    de: ['Danach lässt sich nicht suchen', 'Nehmen Sie mindestens ein Wort aus Buchstaben oder Ziffern.'],
  }),
  'voice-malformed': words('unchanged', {
    en: ['This is no whole recording', 'Record it again, or send it as a file.'],
    de: ['Das ist keine vollständige Aufnahme', 'Nehmen Sie sie neu auf, oder senden Sie sie als Datei.'],
  }),
  'file-unreadable': words('unchanged', {
    en: ['The file cannot be read', 'Check that it still exists and may be read, and choose it again.'],
    de: [
      'Die Datei lässt sich nicht lesen',
      'Prüfen Sie, ob es sie noch gibt und sie gelesen werden darf, und wählen Sie sie neu.',
    ],
  }),
  'file-unwritable': words('unchanged', {
    en: ['The file cannot be written', 'Check that there is room and that you may write there.'],
    de: ['Die Datei lässt sich nicht schreiben', 'Prüfen Sie, ob Platz ist und Sie dort schreiben dürfen.'],
  }),
  'file-exists': words('unchanged', {
    en: ['There is a file of this name already', 'Choose another name, or replace it.'],
    de: ['Eine Datei dieses Namens gibt es schon', 'Wählen Sie einen anderen Namen, oder ersetzen Sie sie.'],
  }),
  'file-changed': words('unchanged', {
    en: ['The file changed while it was being sent', 'Send it once nobody writes to it any more.'],
    de: ['Die Datei änderte sich während des Sendens', 'Senden Sie sie, wenn niemand mehr in sie schreibt.'],
  }),
  'file-too-large': words('unchanged', {
    en: ['The file is too large for this', 'Download it instead of previewing it; a file has at most 1 TiB.'],
    de: [
      'Die Datei ist dafür zu groß',
      'Laden Sie sie herunter, statt sie hier anzusehen; eine Datei hat höchstens 1 TiB.',
    ],
  }),
  'file-name-unsafe': words('unchanged', {
    en: ['Not every system can keep a file of this name', 'Give it another name.'],
    de: ['Nicht jedes System kann eine Datei so nennen', 'Geben Sie ihr einen anderen Namen.'],
  }),
  'file-damaged': words('refused', {
    en: [
      'The file is damaged or was altered',
      'None of it was kept. Get it again; if it stays damaged, ask the sender to send it again and tell your administrator.',
    ],
    de: [
      'Die Datei ist beschädigt oder wurde verändert',
      'Nichts davon wurde behalten. Holen Sie sie neu; bleibt es so, bitten Sie, sie neu zu senden, und sagen Sie es Ihrem Administrator.',
    ],
  }),
  'blob-withheld': words('unchanged', {
    en: ['The server does not hand out this file', 'Try again later; if it stays, ask the sender to send it again.'],
    de: [
      'Der Server gibt diese Datei nicht heraus',
      'Versuchen Sie es später; bleibt es so, bitten Sie, sie neu zu senden.',
    ],
  }),
  'blob-unknown': words('unchanged', {
    en: ['The file waited too long, and the server let it go', 'Send it again.'],
    de: ['Die Datei wartete zu lange, und der Server hat sie verworfen', 'Senden Sie sie neu.'],
  }),
  'blob-mismatch': words('unchanged', {
    en: ['The file was altered on its way', 'Nothing of it was taken. Send it again.'],
    de: ['Die Datei wurde unterwegs verändert', 'Nichts davon wurde übernommen. Senden Sie sie neu.'],
  }),
  'blob-store-gone': words('kept', {
    en: ['The server cannot reach its files', 'Try again later.'],
    de: ['Der Server erreicht seine Dateien nicht', 'Versuchen Sie es später.'],
  }),
  'stream-too-long': words('unchanged', {
    en: ['This is longer than can be sealed at once', 'Split it.'],
    de: ['Das ist länger, als auf einmal verschlüsselt werden kann', 'Teilen Sie es.'],
  }),
  ...alike(['vault-damaged', 'vault-rolled-back', 'state-forked'], DAMAGED),
  'vault-not-encrypted': words('evidence', {
    en: [
      'Part of the vault is not encrypted',
      'Copy nothing from this computer, and tell your administrator: a vault is always encrypted.',
    ],
    de: [
      'Ein Teil des Tresors ist nicht verschlüsselt',
      'Kopieren Sie nichts von diesem Computer, und sagen Sie es Ihrem Administrator: Ein Tresor ist immer verschlüsselt.',
    ],
  }),
  'account-room-missing': words('evidence', {
    en: [
      'The server lacks the private room of this account',
      'Leave this device as it is and tell your administrator.',
    ],
    de: [
      'Dem Server fehlt der private Raum dieses Kontos',
      'Lassen Sie dieses Gerät, wie es ist, und sagen Sie es Ihrem Administrator.',
    ],
  }),
  'room-missing': words('evidence', {
    en: [
      'The server keeps back a room that another device of yours has read',
      'Keep that device as it is and tell your administrator.',
    ],
    de: [
      'Der Server hält einen Raum zurück, den ein anderes Gerät von Ihnen gelesen hat',
      'Lassen Sie jenes Gerät, wie es ist, und sagen Sie es Ihrem Administrator.',
    ],
  }),
  ...alike(
    ['vault-busy', 'vault-in-use'],
    words('unchanged', {
      en: ['The vault is in use', 'Close other windows of Sotto in this browser, and try again.'],
      de: [
        'Der Tresor wird gerade benutzt',
        'Schließen Sie andere Sotto-Fenster in diesem Browser, und versuchen Sie es neu.',
      ],
    }),
  ),
  'disk-full': words('saved', {
    en: [
      'There is no more room to store',
      'Make room on this computer, or allow this page more storage, and try again.',
    ],
    de: [
      'Es ist kein Platz mehr zum Speichern',
      'Schaffen Sie Platz auf diesem Computer, oder erlauben Sie dieser Seite mehr Speicher, und versuchen Sie es neu.',
    ],
  }),
  ...alike(
    ['suite-refused', 'suite-too-weak', 'suite-unknown', 'suite-invalid'],
    words('unchanged', {
      en: ['The ways of encrypting do not go together', 'The room asks for a stronger one than this account has.'],
      de: [
        'Die Verschlüsselungsverfahren passen nicht zusammen',
        'Der Raum verlangt ein stärkeres, als dieses Konto hat.',
      ],
    }),
  ),
  'not-classic': words('unchanged', {
    en: ['Only accounts of the classic suite have this', 'It is for openssl and S/MIME; other accounts do without.'],
    de: [
      'Das haben nur Konten mit klassischem Verfahren',
      'Es ist für openssl und S/MIME; andere Konten kommen ohne aus.',
    ],
  }),
  ...alike(['der-malformed', 'pem-malformed', 'key-unsuitable', 'recipient-unsuitable'], CERTIFICATE),
  'pkcs12-profile': words('unchanged', {
    en: ['The key file is of another form than Sotto writes', 'Restore it from a copy.'],
    de: [
      'Die Schlüsseldatei hat eine andere Form, als Sotto sie schreibt',
      'Stellen Sie sie aus einer Kopie wieder her.',
    ],
  }),
  ...alike(['container-profile', 'container-signature', 'container-recipients', 'container-purpose'], CONTAINER),
  'container-not-recipient': words('unchanged', {
    en: ['This is sealed for somebody else', 'Ask the sender to name your account.'],
    de: ['Das ist für jemand anderen verschlüsselt', 'Bitten Sie, Ihr Konto als Empfänger zu nennen.'],
  }),
  'log-too-long': words('unchanged', {
    en: ['This log is longer than this client can read', 'Tell your administrator the code.'],
    de: ['Dieses Protokoll ist länger, als dieses Programm lesen kann', 'Nennen Sie Ihrem Administrator den Code.'],
  }),
  ...alike(
    [
      'agent-running',
      'agent-not-running',
      'agent-not-started',
      'agent-lost',
      'agent-outdated',
      'agent-untrusted',
      'agent-frame-malformed',
      'agent-method-unknown',
    ],
    AGENT,
  ),
};
