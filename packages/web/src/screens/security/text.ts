import { defineText } from '../../text/language.tsx';

export const text = defineText({
  en: {
    title: 'Security centre',
    overview: 'Overview',
    storage: 'Storage',
    devices: 'Devices',
    passphrase: 'Passphrase',
    recovery: 'Recovery',
    certificates: 'Keys and certificates',
    log: 'Key log',
    requests: 'Key requests',
    transparency: 'Transparency',
    audit: 'Verification',
    policy: 'Organisation’s rules',
    waiting: (count: number) => (count === 1 ? '1 waits' : `${count} wait`),
  },
  de: {
    title: 'Sicherheitszentrale',
    overview: 'Überblick',
    storage: 'Speicher',
    devices: 'Geräte',
    passphrase: 'Passphrase',
    recovery: 'Wiederherstellung',
    certificates: 'Schlüssel und Zertifikate',
    log: 'Schlüsselprotokoll',
    requests: 'Schlüsselanfragen',
    transparency: 'Transparenz',
    audit: 'Prüfung',
    policy: 'Regeln der Organisation',
    waiting: (count: number) => (count === 1 ? '1 wartet' : `${count} warten`),
  },
});
