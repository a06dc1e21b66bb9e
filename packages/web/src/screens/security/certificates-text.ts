import { defineText } from '../../text/language.tsx';

export const text = defineText({
  en: {
    title: 'Keys and certificates',
    lead: 'What proves who you are, to people inside and outside of Sotto.',
    identity: 'Identity',
    fingerprint: 'Your fingerprint',
    suite: 'Cryptography',
    server: 'Home server',
    ca: 'Fingerprint of the server’s authority',
    certificates: 'Certificates',
    certificatesLead: 'Public: give them to whoever wants to check your signatures or send you encrypted mail.',
    signature: 'For signatures (PEM)',
    encryption: 'For encryption (PEM)',
    notClassic: 'No certificate for encryption',
    notClassicDetail: 'Accounts with post-quantum keys have none: other programs could not use it yet.',
    keyFile: 'Keys as a file',
    keyFileLead:
      'A PKCS#12 file with this device’s certificate and its private key, for other programs. Keep it as you keep the passphrase.',
    forbidden: 'Your organisation does not allow keys to leave the vault as files.',
    filePassphrase: 'Passphrase of the file',
    filePassphraseHint: 'The program that opens the file asks for it. Not the one of your account.',
    save: 'Save the file (.p12)',
    saved: 'The key file is saved.',
  },
  de: {
    title: 'Schlüssel und Zertifikate',
    lead: 'Was beweist, wer Sie sind, innerhalb und außerhalb von Sotto.',
    identity: 'Identität',
    fingerprint: 'Ihr Fingerabdruck',
    suite: 'Kryptografie',
    server: 'Heimserver',
    ca: 'Fingerabdruck der Zertifizierungsstelle des Servers',
    certificates: 'Zertifikate',
    certificatesLead:
      'Öffentlich: Geben Sie sie, wem Sie wollen, zum Prüfen Ihrer Unterschriften oder für verschlüsselte Post.',
    signature: 'Für Unterschriften (PEM)',
    encryption: 'Für Verschlüsselung (PEM)',
    notClassic: 'Kein Zertifikat für Verschlüsselung',
    notClassicDetail:
      'Konten mit Post-Quanten-Schlüsseln haben keines: Andere Programme könnten es noch nicht benutzen.',
    keyFile: 'Schlüssel als Datei',
    keyFileLead:
      'Eine PKCS#12-Datei mit dem Zertifikat dieses Geräts und seinem privaten Schlüssel, für andere Programme. Hüten Sie sie wie die Passphrase.',
    forbidden: 'Ihre Organisation erlaubt nicht, dass Schlüssel den Tresor als Dateien verlassen.',
    filePassphrase: 'Passphrase der Datei',
    filePassphraseHint: 'Das Programm, das die Datei öffnet, fragt danach. Nicht die Ihres Kontos.',
    save: 'Datei speichern (.p12)',
    saved: 'Die Schlüsseldatei ist gespeichert.',
  },
});
