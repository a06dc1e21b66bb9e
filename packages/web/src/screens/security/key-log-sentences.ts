import type { KeyLogEntry, KeyLogEvent } from '@sotto/protocol';
import { defineText } from '../../text/language.tsx';

type Fields<Event extends KeyLogEvent> = Extract<KeyLogEntry, { readonly event: Event }>;

/** A sentence for everything that the key log tells, without the room that it is about. */
export type KeyLogSentences = { readonly [Event in KeyLogEvent]: (entry: Fields<Event>) => string };

/** The id of the room that an entry is about, in hexadecimal; null for what is about no room. */
export function roomOf(entry: KeyLogEntry): string | null {
  if (entry.event === 'head/contradiction') return entry.subject === 'room' ? entry.id : null;
  return 'room' in entry ? entry.room : null;
}

/** An entry in somebody's words. */
export function sentenceOf(entry: KeyLogEntry, words: KeyLogSentences): string {
  return (words[entry.event] as (entry: KeyLogEntry) => string)(entry);
}

const english: KeyLogSentences = {
  'contact/asks': ({ who }) => `${who} asks to be a contact. Not verified.`,
  'contact/mutual': ({ who }) => `${who} is a contact now. Other keys are refused from here on.`,
  'verification/verified': ({ who }) => `You verified ${who}.`,
  'verification/withdrawn': ({ who }) => `${who} is not taken for verified any more.`,
  'verification/conflict': ({ who }) => `What was compared is not the identity of ${who} that is known here.`,
  'verification/mismatch': ({ who }) => `What you compared with ${who} did not match.`,
  'verification/other-keys': ({ who }) => `${who} was given other keys for you than your own.`,
  'device/added': ({ who, device }) => `${who} has a new device: ${device}.`,
  'device/revoked': ({ who, device }) => `${who} shut out the device ${device}.`,
  'device/own-revoked': ({ device }) => `You shut out the device ${device}, and the account has new keys.`,
  'era/keys-given': ({ who }) => `The keys of the room were given to ${who}, who was added.`,
  'era/key-shut': ({ era, who }) => `The key of era ${era}, made by ${who}, does not open here.`,
  'era/link-broken': ({ era }) => `Era ${era} does not lead to the keys of older ones.`,
  'era/complaint': ({ who, era }) => `${who} cannot open the key of era ${era}.`,
  'era/complained': ({ era }) => `The others were told that the key of era ${era} does not open here.`,
  'era/table-invalid': ({ who }) => `${who} made new keys for others than the members. Sending waits for better ones.`,
  'key-request/own': ({ era }) => `You asked for the key of era ${era}.`,
  'key-request/asked': ({ who, era }) => `${who} asks for the key of era ${era}.`,
  'key-request/not-theirs': ({ who, era }) => `${who} asks for the key of era ${era}, which is not theirs to have.`,
  'key-request/received': ({ who, era }) => `${who} gave you the key of era ${era}.`,
  'key-request/wrong': ({ who, era }) => `${who} gave you something that is not the key of era ${era}.`,
  'key-request/given': ({ era, who }) => `The key of era ${era} was given to ${who}, who asked for it.`,
  'key-request/denied': ({ era }) => `A request for the key of era ${era} was denied here.`,
  'key-request/refused': ({ era }) => `The key of era ${era} was refused to a device that asked for it.`,
  'room/added': ({ who }) => `${who} added you to the room.`,
  'room/added-hidden': ({ who }) => `${who}, who is no contact, added you to a room. It is not listed.`,
  'refused/room': () => 'The room is not read on.',
  'refused/position': ({ n }) => `What stands at place ${n} of the log was refused.`,
  'refused/shut': ({ n, who }) => `What ${who} wrote at place ${n} of the log does not open.`,
  'refused/withheld': ({ n }) => `The server withholds what stands at place ${n} of the log; nobody deleted it.`,
  'refused/title': () => 'The name of the room that came with the invitation does not open.',
  'refused/vault-copy': () => 'This device wrote something to the room that this vault does not know.',
  'refused/skeleton': () => 'The room’s older log is not the one that was shown first. What was shown is taken back.',
  'refused/mark': () => 'The room is not what this vault last saw of it.',
  'refused/content': ({ n, content }) =>
    `${idle.en[content]}${n === null ? '' : `, at place ${n} of the log,`} was refused and changes nothing.`,
  'refused/keys': ({ who }) => `The keys of ${who} that the server gives were refused.`,
  'refused/profile': ({ who }) => `The profile of ${who} that the server gives was refused.`,
  'refused/contact': () => 'What somebody sent about being a contact was refused.',
  'refused/contact-waits': () => 'What somebody sent about being a contact waits until their keys are known.',
  'refused/file-name': () => 'The name of a file is not safe and shown otherwise.',
  'refused/file-content': () => 'The content of a file was refused.',
  'refused/checkpoint-unsigned': ({ who }) => `${who} saw a public log that the server did not sign.`,
  'refused/checkpoint-malformed': ({ who }) => `${who} passed on something that is no state of the public log.`,
  'head/contradiction': () => 'The server signed two things that cannot both be true. Both are kept as evidence.',
  'head/key': () => 'The home server has a new key for the heads of logs.',
  'head/audit-log': ({ seen, shown }) =>
    `The server was restored: its audit log went from ${seen} entries that were seen to ${shown}.`,
  'head/room-restored': ({ lost, given }) =>
    `The server was restored from a backup and lacked ${lost} entries; ${given} of them came from here.`,
  'head/keys-restored': ({ who }) => `The server was restored from a backup. The keys of ${who} came from here.`,
  'head/keys-not-restored': ({ who }) => `The restored server did not take the keys of ${who} back.`,
  'gap/missing': ({ n }) => `What stands before place ${n} of the log is missing.`,
  'certificate/renewed': () => 'The certificates of this device were renewed.',
  'certificate/not-renewed': () => 'The certificates of this device could not be renewed.',
  'passphrase/changed': () => 'The passphrase was changed. The old one opens nothing that comes from now on.',
  'passphrase/vault-renewed': () => 'The vault lies under the new passphrase.',
  'passphrase/vault-not-renewed': () => 'The vault could not be put under the new passphrase yet.',
  'passphrase/passkey-added': () => 'A passkey opens this vault from now on.',
  'passphrase/passkey-removed': () => 'A passkey opens this vault no more.',
  'policy/accepted': ({ version }) => `You accepted version ${version} of your organisation’s rules.`,
  'policy/known': ({ version }) => `Version ${version} of your organisation’s rules is known.`,
  'policy/refused': () => 'The rules that the server gives were refused. The known ones stay in force.',
  'policy/removed': ({ who }) => `${who}, who is suspended, was removed from the room.`,
  'call/refused': () => 'A message of a call was refused.',
  'log/refused': () => 'The public log could not be checked.',
  'log/anew': () => 'The server was restored, and its public log began anew.',
  'log/other-places': () => 'The public log looks addresses up by another key than before.',
  'log/late': ({ who }) => `The public log has not had the newest keys of ${who} for more than a day.`,
  'log/rollback': ({ who }) => `The server shows ${who} another public log than the one here.`,
  'log/split': ({ who }) => `The server showed ${who} another public log than the one here.`,
  'log/contradicts-keys': ({ who }) => `The public log contradicts the keys of ${who}.`,
  'log/contradicts-itself': () => 'The public log contradicts what the server signed before.',
};

const german: KeyLogSentences = {
  'contact/asks': ({ who }) => `${who} möchte Kontakt aufnehmen. Nicht verifiziert.`,
  'contact/mutual': ({ who }) => `${who} ist jetzt ein Kontakt. Andere Schlüssel werden von nun an abgewiesen.`,
  'verification/verified': ({ who }) => `Sie haben ${who} verifiziert.`,
  'verification/withdrawn': ({ who }) => `${who} gilt nicht mehr als verifiziert.`,
  'verification/conflict': ({ who }) => `Was verglichen wurde, ist nicht die hier bekannte Identität von ${who}.`,
  'verification/mismatch': ({ who }) => `Was Sie mit ${who} verglichen haben, stimmte nicht überein.`,
  'verification/other-keys': ({ who }) => `${who} hat für Sie andere Schlüssel erhalten als Ihre.`,
  'device/added': ({ who, device }) => `${who} hat ein neues Gerät: ${device}.`,
  'device/revoked': ({ who, device }) => `${who} hat das Gerät ${device} ausgesperrt.`,
  'device/own-revoked': ({ device }) => `Sie haben das Gerät ${device} ausgesperrt, und das Konto hat neue Schlüssel.`,
  'era/keys-given': ({ who }) => `Die Schlüssel des Raums gingen an ${who}, neu im Raum.`,
  'era/key-shut': ({ era, who }) => `Der Schlüssel der Ära ${era}, gemacht von ${who}, lässt sich hier nicht öffnen.`,
  'era/link-broken': ({ era }) => `Ära ${era} führt nicht zu den Schlüsseln der älteren.`,
  'era/complaint': ({ who, era }) => `${who} kann den Schlüssel der Ära ${era} nicht öffnen.`,
  'era/complained': ({ era }) =>
    `Die anderen erfuhren, dass sich der Schlüssel der Ära ${era} hier nicht öffnen lässt.`,
  'era/table-invalid': ({ who }) =>
    `${who} hat neue Schlüssel für andere als die Mitglieder gemacht. Das Senden wartet auf bessere.`,
  'key-request/own': ({ era }) => `Sie haben um den Schlüssel der Ära ${era} gebeten.`,
  'key-request/asked': ({ who, era }) => `${who} bittet um den Schlüssel der Ära ${era}.`,
  'key-request/not-theirs': ({ who, era }) =>
    `${who} bittet um den Schlüssel der Ära ${era}, der dieser Person nicht zusteht.`,
  'key-request/received': ({ who, era }) => `${who} hat Ihnen den Schlüssel der Ära ${era} gegeben.`,
  'key-request/wrong': ({ who, era }) => `${who} hat Ihnen etwas gegeben, was nicht der Schlüssel der Ära ${era} ist.`,
  'key-request/given': ({ era, who }) => `Der Schlüssel der Ära ${era} ging auf Bitte an ${who}.`,
  'key-request/denied': ({ era }) => `Eine Bitte um den Schlüssel der Ära ${era} wurde hier abgelehnt.`,
  'key-request/refused': ({ era }) => `Ein Gerät, das um den Schlüssel der Ära ${era} bat, bekam ihn nicht.`,
  'room/added': ({ who }) => `${who} hat Sie in den Raum aufgenommen.`,
  'room/added-hidden': ({ who }) =>
    `${who}, kein Kontakt, hat Sie in einen Raum aufgenommen. Er wird nicht aufgeführt.`,
  'refused/room': () => 'Der Raum wird nicht weitergelesen.',
  'refused/position': ({ n }) => `Was an Stelle ${n} des Protokolls steht, wurde abgewiesen.`,
  'refused/shut': ({ n, who }) => `Was ${who} an Stelle ${n} des Protokolls schrieb, lässt sich nicht öffnen.`,
  'refused/withheld': ({ n }) =>
    `Der Server hält zurück, was an Stelle ${n} des Protokolls steht; niemand hat es gelöscht.`,
  'refused/title': () => 'Der Name des Raums, der mit der Einladung kam, lässt sich nicht öffnen.',
  'refused/vault-copy': () => 'Dieses Gerät schrieb etwas in den Raum, das dieser Tresor nicht kennt.',
  'refused/skeleton': () =>
    'Das ältere Protokoll des Raums ist nicht das zuerst gezeigte. Was gezeigt wurde, ist zurückgenommen.',
  'refused/mark': () => 'Der Raum ist nicht, was dieser Tresor zuletzt von ihm sah.',
  'refused/content': ({ n, content }) =>
    `${idle.de[content]}${n === null ? '' : ` an Stelle ${n} des Protokolls`} wurde abgewiesen und ändert nichts.`,
  'refused/keys': ({ who }) => `Die Schlüssel von ${who}, die der Server gibt, wurden abgewiesen.`,
  'refused/profile': ({ who }) => `Das Profil von ${who}, das der Server gibt, wurde abgewiesen.`,
  'refused/contact': () => 'Was jemand zu einem Kontakt schickte, wurde abgewiesen.',
  'refused/contact-waits': () => 'Was jemand zu einem Kontakt schickte, wartet, bis die Schlüssel bekannt sind.',
  'refused/file-name': () => 'Der Name einer Datei ist nicht sicher und wird anders gezeigt.',
  'refused/file-content': () => 'Der Inhalt einer Datei wurde abgewiesen.',
  'refused/checkpoint-unsigned': ({ who }) =>
    `${who} sah ein öffentliches Protokoll, das der Server nicht unterschrieben hat.`,
  'refused/checkpoint-malformed': ({ who }) =>
    `${who} gab etwas weiter, was kein Stand des öffentlichen Protokolls ist.`,
  'head/contradiction': () =>
    'Der Server hat zweierlei unterschrieben, was nicht zugleich wahr sein kann. Beides ist als Beweis aufbewahrt.',
  'head/key': () => 'Der Heimserver hat einen neuen Schlüssel für die Köpfe von Protokollen.',
  'head/audit-log': ({ seen, shown }) =>
    `Der Server wurde wiederhergestellt: Sein Prüfprotokoll ging von ${seen} gesehenen Einträgen auf ${shown}.`,
  'head/room-restored': ({ lost, given }) =>
    `Der Server wurde aus einer Sicherung wiederhergestellt; ihm fehlten ${lost} Einträge, ${given} davon kamen von hier.`,
  'head/keys-restored': ({ who }) =>
    `Der Server wurde aus einer Sicherung wiederhergestellt. Die Schlüssel von ${who} kamen von hier.`,
  'head/keys-not-restored': ({ who }) => `Der wiederhergestellte Server nahm die Schlüssel von ${who} nicht zurück.`,
  'gap/missing': ({ n }) => `Was vor Stelle ${n} des Protokolls steht, fehlt.`,
  'certificate/renewed': () => 'Die Zertifikate dieses Geräts wurden erneuert.',
  'certificate/not-renewed': () => 'Die Zertifikate dieses Geräts ließen sich nicht erneuern.',
  'passphrase/changed': () => 'Die Passphrase wurde geändert. Die alte öffnet nichts, was von nun an kommt.',
  'passphrase/vault-renewed': () => 'Der Tresor liegt unter der neuen Passphrase.',
  'passphrase/vault-not-renewed': () => 'Der Tresor ließ sich noch nicht unter die neue Passphrase bringen.',
  'passphrase/passkey-added': () => 'Ein Passkey öffnet diesen Tresor von nun an.',
  'passphrase/passkey-removed': () => 'Ein Passkey öffnet diesen Tresor nicht mehr.',
  'policy/accepted': ({ version }) => `Sie haben Fassung ${version} der Regeln Ihrer Organisation angenommen.`,
  'policy/known': ({ version }) => `Fassung ${version} der Regeln Ihrer Organisation ist bekannt.`,
  'policy/refused': () => 'Die Regeln, die der Server gibt, wurden abgewiesen. Die bekannten bleiben in Kraft.',
  'policy/removed': ({ who }) => `${who}, gesperrt, wurde aus dem Raum entfernt.`,
  'call/refused': () => 'Eine Nachricht eines Anrufs wurde abgewiesen.',
  'log/refused': () => 'Das öffentliche Protokoll ließ sich nicht prüfen.',
  'log/anew': () => 'Der Server wurde wiederhergestellt, und sein öffentliches Protokoll begann neu.',
  'log/other-places': () => 'Das öffentliche Protokoll sucht Adressen nach einem anderen Schlüssel als zuvor.',
  'log/late': ({ who }) =>
    `Das öffentliche Protokoll kennt die neuesten Schlüssel von ${who} seit über einem Tag nicht.`,
  'log/rollback': ({ who }) => `Der Server zeigt ${who} ein anderes öffentliches Protokoll als das hiesige.`,
  'log/split': ({ who }) => `Der Server zeigte ${who} ein anderes öffentliches Protokoll als das hiesige.`,
  'log/contradicts-keys': ({ who }) => `Das öffentliche Protokoll widerspricht den Schlüsseln von ${who}.`,
  'log/contradicts-itself': () =>
    'Das öffentliche Protokoll widerspricht dem, was der Server zuvor unterschrieben hat.',
};

const idle: { readonly [Language in 'en' | 'de']: Readonly<Record<Fields<'refused/content'>['content'], string>> } = {
  en: {
    receipt: 'A receipt for something that is not in the log before it',
    'room-name': 'A room name by somebody who is no admin',
    'message-id': 'A message under the id of another one',
    edit: 'An edit of somebody else’s message',
    deletion: 'A deletion of somebody else’s message',
  },
  de: {
    receipt: 'Eine Quittung für etwas, das davor nicht im Protokoll steht,',
    'room-name': 'Ein Raumname von jemandem ohne Verwaltungsrecht',
    'message-id': 'Eine Nachricht unter der Kennung einer anderen',
    edit: 'Eine Änderung an der Nachricht von jemand anderem',
    deletion: 'Eine Löschung der Nachricht von jemand anderem',
  },
};

/** What the key log tells, sentence by sentence. */
export const keyLogSentences = defineText({ en: english, de: german });
