import { hex } from '@sotto/bytes';
import type { PolicyField, PolicyValues } from '@sotto/protocol';
import { defineText } from './language.tsx';

/** The rules of an organisation in plain words. */
export const policyText = defineText({
  en: {
    fields: {
      suites: 'Allowed cryptography',
      suiteModules: 'Allowed cryptography modules',
      roaming: 'Signing in on a new device with the passphrase alone',
      offlineUnlockDays: 'Unlocking without the server',
      verifiedOnly: 'Send only to verified contacts',
      retentionDays: 'Content is erased after',
      federation: 'Contacts at other servers',
      outsideMail: 'Mail to people outside',
      gateways: 'Telephone and chat gateways',
      publicLinks: 'Public links to files',
      guests: 'Guests',
      roomCreation: 'Who may create rooms',
      forwarding: 'Forwarding messages',
      export: 'Exporting messages and keys as files',
      keyRequestApproval: 'Old keys are handed on only with a person’s yes',
      maxMembers: 'Members of a room, at most',
      maxDevices: 'Devices of an account, at most',
      passphraseLength: 'Length of a new passphrase, at least',
      passphraseAgeDays: 'Reminder to change the passphrase after',
      autoLockMinutes: 'Locks by itself without use after',
    },
    yes: 'Yes',
    no: 'No',
    any: 'No limit',
    allSuites: 'All that Sotto knows',
    nothing: 'None',
    days: (count: number) => (count === 1 ? '1 day' : `${count} days`),
    minutes: (count: number) => (count === 1 ? '1 minute' : `${count} minutes`),
    characters: (count: number) => `${count} characters`,
    never: 'Never',
    choices: {
      allowed: 'Allowed',
      generated: 'Only with a generated passphrase',
      forbidden: 'Forbidden',
      everybody: 'Everybody',
      admins: 'Owners and administrators',
      owners: 'Owners',
    },
    closed: 'Not available in this version: stays shut whatever is set.',
  },
  de: {
    fields: {
      suites: 'Erlaubte Kryptografie',
      suiteModules: 'Erlaubte Kryptografie-Module',
      roaming: 'Anmelden auf neuen Geräten allein mit der Passphrase',
      offlineUnlockDays: 'Entsperren ohne den Server',
      verifiedOnly: 'Nur an verifizierte Kontakte senden',
      retentionDays: 'Inhalte werden gelöscht nach',
      federation: 'Kontakte auf anderen Servern',
      outsideMail: 'E-Mail nach außen',
      gateways: 'Übergänge zu Telefon und Chat',
      publicLinks: 'Öffentliche Links auf Dateien',
      guests: 'Gäste',
      roomCreation: 'Wer Räume anlegen darf',
      forwarding: 'Nachrichten weiterleiten',
      export: 'Nachrichten und Schlüssel als Dateien exportieren',
      keyRequestApproval: 'Alte Schlüssel werden nur mit dem Ja eines Menschen weitergegeben',
      maxMembers: 'Mitglieder eines Raums, höchstens',
      maxDevices: 'Geräte eines Kontos, höchstens',
      passphraseLength: 'Länge einer neuen Passphrase, mindestens',
      passphraseAgeDays: 'Erinnerung an einen Wechsel der Passphrase nach',
      autoLockMinutes: 'Sperrt sich ohne Benutzung nach',
    },
    yes: 'Ja',
    no: 'Nein',
    any: 'Unbegrenzt',
    allSuites: 'Alles, was Sotto kennt',
    nothing: 'Keine',
    days: (count: number) => (count === 1 ? '1 Tag' : `${count} Tage`),
    minutes: (count: number) => (count === 1 ? '1 Minute' : `${count} Minuten`),
    characters: (count: number) => `${count} Zeichen`,
    never: 'Nie',
    choices: {
      allowed: 'Erlaubt',
      generated: 'Nur mit erzeugter Passphrase',
      forbidden: 'Verboten',
      everybody: 'Alle',
      admins: 'Besitzer und Administratoren',
      owners: 'Besitzer',
    },
    closed: 'In dieser Fassung nicht vorhanden: bleibt zu, was immer hier steht.',
  },
});

/** A rule's value in words. */
export function policyWords(words: (typeof policyText)['en'], field: PolicyField, value: unknown): string {
  if (value === null) return NULLS.has(field) ? words.never : field === 'suites' ? words.allSuites : words.any;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (typeof value === 'number') return amount(words, field, value);
  if (Array.isArray(value)) return value.length === 0 ? words.nothing : value.map(item).join(', ');
  return words.choices[value as keyof typeof words.choices] ?? String(value);
}

function amount(words: (typeof policyText)['en'], field: keyof PolicyValues, value: number): string {
  if (field === 'offlineUnlockDays' && value === 0) return words.never;
  if (field.endsWith('Days')) return words.days(value);
  if (field.endsWith('Minutes')) return words.minutes(value);
  return field === 'passphraseLength' ? words.characters(value) : String(value);
}

function item(value: unknown): string {
  if (value instanceof Uint8Array) return `${hex(value).slice(0, 16)}…`;
  return SUITES[value as number] ?? String(value);
}

const SUITES: Readonly<Record<number, string>> = { 1: 'classic', 2: 'hybrid' };
const NULLS: ReadonlySet<PolicyField> = new Set(['retentionDays', 'passphraseAgeDays', 'autoLockMinutes']);
