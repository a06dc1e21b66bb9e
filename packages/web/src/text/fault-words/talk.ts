import { alike, type FaultWordTable, words } from './words.ts';

const FORGED = words('refused', {
  en: [
    'Something arrived that nobody who may write it has written',
    'Ask by another way whoever is named, if it matters, and tell your administrator if it happens again.',
  ],
  de: [
    'Etwas ist angekommen, das niemand geschrieben hat, der es schreiben darf',
    'Fragen Sie auf einem anderen Weg, wer genannt ist, wenn es wichtig ist; geschieht es wieder, sagen Sie es Ihrem Administrator.',
  ],
});

const KEYS = words('refused', {
  en: [
    'Somebody’s keys changed in a way that they did not sign',
    'The keys were not taken. Ask the person by another way what they changed, and compare fingerprints.',
  ],
  de: [
    'Jemandes Schlüssel haben sich geändert, ohne dass es unterschrieben ist',
    'Die Schlüssel wurden nicht übernommen. Fragen Sie die Person auf einem anderen Weg, und vergleichen Sie die Fingerabdrücke.',
  ],
});

const NEW_ERA = words('kept', {
  en: [
    'The keys of this room are not whole',
    'Sending waits until somebody renews the keys of the room; you may, too.',
  ],
  de: [
    'Die Schlüssel dieses Raums sind nicht vollständig',
    'Das Senden wartet, bis jemand die Schlüssel des Raums erneuert; das dürfen auch Sie.',
  ],
});

const RACE = words('unchanged', {
  en: ['Somebody else changed it at the same moment', 'Try again.'],
  de: ['Jemand anderes hat es im selben Moment geändert', 'Versuchen Sie es noch einmal.'],
});

/** People and rooms: contacts, members, records, keys of rooms. */
export const talkWords: FaultWordTable = {
  ...alike(
    [
      'cbor-malformed',
      'cbor-not-deterministic',
      'cbor-too-large',
      'key-malformed',
      'sealed-malformed',
      'bad-signature',
      'bad-share',
      'certificate-profile',
      'format-malformed',
      'roster-invalid',
      'log-broken',
      'record-invalid',
      'record-author-unknown',
      'wrong-room',
      'seq-conflict',
      'bad-seen',
      'profile-invalid',
      'contact-invalid',
    ],
    FORGED,
  ),
  ...alike(
    ['chain-genesis-invalid', 'chain-broken', 'chain-signer-invalid', 'chain-body-invalid', 'device-unendorsed'],
    KEYS,
  ),
  'revocation-unproven': words('refused', {
    en: [
      'The server says that a device of yours was removed, and your account never signed that',
      'Tell your administrator the code.',
    ],
    de: [
      'Der Server sagt, ein Gerät von Ihnen sei entfernt, und Ihr Konto hat das nie unterschrieben',
      'Nennen Sie Ihrem Administrator den Code.',
    ],
  }),
  'open-failed': words('unchanged', {
    en: [
      'This cannot be opened',
      'It is not for this account, was altered, or lies under another passphrase. Ask whoever sent it to send it again.',
    ],
    de: [
      'Das lässt sich nicht öffnen',
      'Es ist nicht für dieses Konto, wurde verändert oder liegt unter einer anderen Passphrase. Bitten Sie, es noch einmal zu senden.',
    ],
  }),
  'format-unsupported': words('unchanged', {
    en: ['It was made by a newer version', 'Load this page again to get the newest client.'],
    de: ['Es stammt von einer neueren Version', 'Laden Sie diese Seite neu, um die neueste Version zu bekommen.'],
  }),
  ...alike(['chain-stale', 'roster-stale', 'era-superseded', 'era-parts-missing'], RACE),
  'chain-closed': words('unchanged', {
    en: ['This account has ended', 'Nobody can reach it any more; remove the contact.'],
    de: ['Dieses Konto ist beendet', 'Niemand kann es mehr erreichen; entfernen Sie den Kontakt.'],
  }),
  ...alike(['era-table-invalid', 'era-commitment-mismatch'], NEW_ERA),
  ...alike(
    ['seq-gap', 'pending-chain', 'key-missing', 'body-withheld'],
    words('unchanged', {
      en: [
        'Something that belongs to this has not come yet',
        'It was asked for, and appears as soon as it is here. If it stays away, ask the sender to send it again.',
      ],
      de: [
        'Etwas, das dazugehört, ist noch nicht da',
        'Es ist angefragt und erscheint, sobald es da ist. Bleibt es aus, bitten Sie, es noch einmal zu senden.',
      ],
    }),
  ),
  'room-forked': words('evidence', {
    en: [
      'This room exists in two versions',
      'Sending stopped. Talk to the members by another way about what each of them sees.',
    ],
    de: [
      'Von diesem Raum gibt es zwei Fassungen',
      'Das Senden ist angehalten. Sprechen Sie auf einem anderen Weg mit den Mitgliedern darüber, was jeder sieht.',
    ],
  }),
  'room-frozen': words('kept', {
    en: ['This room is frozen', 'Reading goes on; sending waits until another member renews its keys.'],
    de: [
      'Dieser Raum ist eingefroren',
      'Lesen geht weiter; das Senden wartet, bis ein anderes Mitglied die Schlüssel erneuert.',
    ],
  }),
  'rekey-due': words('kept', {
    en: ['The keys of this room are due', 'Renew them, or wait until another member does.'],
    de: [
      'Die Schlüssel dieses Raums sind fällig',
      'Erneuern Sie sie, oder warten Sie, bis es ein anderes Mitglied tut.',
    ],
  }),
  'identity-conflict': words('refused', {
    en: [
      'These are not the keys that you know of this person',
      'Do not trust them: ask the person for their fingerprint by another way.',
    ],
    de: [
      'Das sind nicht die Schlüssel, die Sie von dieser Person kennen',
      'Vertrauen Sie ihnen nicht: Fragen Sie die Person auf einem anderen Weg nach ihrem Fingerabdruck.',
    ],
  }),
  unverified: words('unchanged', {
    en: ['This person is not verified yet', 'Compare fingerprints with them first.'],
    de: ['Diese Person ist noch nicht überprüft', 'Vergleichen Sie zuerst die Fingerabdrücke mit ihr.'],
  }),
  'not-contact': words('unchanged', {
    en: ['You are not each other’s contacts', 'Both sides have to accept; ask, then wait for the answer.'],
    de: ['Sie haben einander nicht als Kontakt', 'Beide Seiten müssen zustimmen; fragen Sie an und warten Sie.'],
  }),
  blocked: words('unchanged', {
    en: ['One of you has blocked the other', 'If it was you, you can take that back.'],
    de: ['Eine Seite hat die andere blockiert', 'Waren Sie es, können Sie das zurücknehmen.'],
  }),
  ...alike(
    ['role-insufficient', 'not-a-member'],
    words('unchanged', {
      en: ['You may not do this in this room', 'Ask an owner or admin of the room.'],
      de: ['Das dürfen Sie in diesem Raum nicht', 'Fragen Sie einen Besitzer oder Admin des Raums.'],
    }),
  ),
  'room-closed': words('unchanged', {
    en: ['This room is closed', 'It stays readable; make a new one to go on.'],
    de: ['Dieser Raum ist geschlossen', 'Er bleibt lesbar; legen Sie einen neuen an, um weiterzumachen.'],
  }),
  'member-limit': words('unchanged', {
    en: ['The room is full', 'Somebody has to leave before somebody else can join.'],
    de: ['Der Raum ist voll', 'Es muss jemand gehen, ehe jemand anderes dazukommen kann.'],
  }),
  'member-exists': words('unchanged', {
    en: ['This person is in the room already', 'Nothing needs to be done.'],
    de: ['Diese Person ist schon im Raum', 'Es ist nichts zu tun.'],
  }),
  'member-unknown': words('unchanged', {
    en: ['Nobody of this address is in the room', 'Look at the list of members.'],
    de: ['Unter dieser Adresse ist niemand im Raum', 'Sehen Sie in der Liste der Mitglieder nach.'],
  }),
  'member-suspended': words('kept', {
    en: [
      'A member of this room is suspended',
      'Sending waits until an owner or admin of the room has removed that member.',
    ],
    de: [
      'Ein Mitglied dieses Raums ist gesperrt',
      'Das Senden wartet, bis ein Besitzer oder Admin des Raums dieses Mitglied entfernt hat.',
    ],
  }),
  'successor-needed': words('unchanged', {
    en: ['You are the last owner of this room', 'Choose who takes over before you leave.'],
    de: ['Sie sind der letzte Besitzer dieses Raums', 'Bestimmen Sie, wer übernimmt, ehe Sie gehen.'],
  }),
  'not-found': words('unchanged', {
    en: ['There is nothing of this name', 'Check the name; it may have been removed.'],
    de: ['Unter diesem Namen gibt es nichts', 'Prüfen Sie den Namen; vielleicht wurde es entfernt.'],
  }),
  ambiguous: words('unchanged', {
    en: ['Several things are called like this', 'Choose one from the list.'],
    de: ['Mehreres heißt so', 'Wählen Sie aus der Liste.'],
  }),
  queued: words('kept', {
    en: ['This message still waits to be sent', 'Wait until it was sent, then try again.'],
    de: ['Diese Nachricht wartet noch auf den Versand', 'Warten Sie, bis sie gesendet ist, und versuchen Sie es dann.'],
  }),
  'message-too-long': words('kept', {
    en: ['This message is too long', 'Split it, or send it as a file: one message has at most 65,536 bytes.'],
    de: [
      'Diese Nachricht ist zu lang',
      'Teilen Sie sie, oder senden Sie sie als Datei: Eine Nachricht hat höchstens 65.536 Byte.',
    ],
  }),
  'comparison-malformed': words('unchanged', {
    en: ['This is no code for comparing', 'Scan or paste the whole code that the other screen shows.'],
    de: ['Das ist kein Code zum Vergleichen', 'Scannen oder kopieren Sie den ganzen Code vom anderen Bildschirm.'],
  }),
  'comparison-other': words('unchanged', {
    en: ['This code belongs to another comparison', 'Both open the comparison with each other, then scan again.'],
    de: [
      'Dieser Code gehört zu einem anderen Vergleich',
      'Öffnen Sie beide den Vergleich miteinander, und scannen Sie neu.',
    ],
  }),
  'card-malformed': words('unchanged', {
    en: ['This is no contact card', 'Paste the whole link or vCard, or type the address.'],
    de: ['Das ist keine Kontaktkarte', 'Fügen Sie den ganzen Link oder die vCard ein, oder geben Sie die Adresse ein.'],
  }),
};
