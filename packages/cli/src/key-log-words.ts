import type { KeyLogView } from '@sotto/keybox';
import type { KeyLogEntry, KeyLogEvent } from '@sotto/protocol';

/** An entry of the key log as a sentence. */
export function keyLogText({ entry }: KeyLogView): string {
  return (sentences[entry.event] as (entry: KeyLogEntry) => string)(entry);
}

type Fields<Event extends KeyLogEvent> = Extract<KeyLogEntry, { readonly event: Event }>;

const contents: Readonly<Record<Fields<'refused/content'>['content'], string>> = {
  receipt: 'a receipt for what is not in the log before it',
  'room-name': 'a room name by somebody who is no admin',
  'message-id': 'a message under the id of another one',
  edit: 'an edit of a message of somebody else',
  deletion: 'a deletion of a message of somebody else',
};

const sentences: { readonly [Event in KeyLogEvent]: (entry: Fields<Event>) => string } = {
  'contact/asks': ({ who, fingerprint }) => `${who} asks to be a contact; fingerprint ${fingerprint}, not verified`,
  'contact/mutual': ({ who, fingerprint }) => `${who} is a contact now; fingerprint ${fingerprint} is pinned`,
  'verification/verified': ({ who }) => `${who} was verified by full fingerprint`,
  'verification/withdrawn': ({ who }) => `${who} is not taken for verified any more`,
  'verification/conflict': ({ who }) => `${who}: the identity of ${who} is not the one that is known here`,
  'verification/mismatch': ({ who }) => `${who}: what was compared did not match`,
  'verification/other-keys': ({ who }) => `${who} was given other keys for this account than its own`,
  'device/added': ({ who, device, type }) => `${who} has a new ${type} device, ${device}`,
  'device/revoked': ({ who, device }) => `${who} revoked the device ${device}`,
  'device/own-revoked': ({ device }) => `revoked the device ${device} and made a new user key`,
  'era/keys-given': ({ room, who }) => `the keys of room ${room} were given to ${who}`,
  'era/key-shut': ({ room, era, who }) => `room ${room}: the key of era ${era}, made by ${who}, does not open`,
  'era/link-broken': ({ room, era }) => `room ${room}: the link of era ${era} does not lead to older ones`,
  'era/complaint': ({ room, era, who }) => `room ${room}: ${who} cannot open the key of era ${era}`,
  'era/complained': ({ room, era }) => `room ${room}: told the others that the key of era ${era} does not open here`,
  'era/table-invalid': ({ room, who }) =>
    `room ${room}: ${who} made an era whose table does not name exactly the members; sending waits for another`,
  'key-request/own': ({ room, era }) => `room ${room}: this account asked for the key of era ${era}`,
  'key-request/asked': ({ room, era, who }) => `room ${room}: ${who} asks for the key of era ${era}`,
  'key-request/not-theirs': ({ room, era, who }) =>
    `room ${room}: ${who} asks for the key of era ${era}, which is not theirs to have`,
  'key-request/received': ({ room, era, who }) => `room ${room}: ${who} gave this account the key of era ${era}`,
  'key-request/wrong': ({ room, era, who }) =>
    `room ${room}: ${who} gave this account what is not the key of era ${era}`,
  'key-request/given': ({ room, era, who }) =>
    `room ${room}: the key of era ${era} was given to ${who}, who asked for it`,
  'key-request/denied': ({ room, era }) => `room ${room}: a request for the key of era ${era} was denied here`,
  'key-request/refused': ({ room, era }) => `room ${room}: the key of era ${era} was refused to a device that asks`,
  'room/added': ({ room, who }) => `room ${room}: ${who} added this account`,
  'room/added-hidden': ({ room, who }) =>
    `room ${room}: ${who}, who is no contact, added this account; it is not listed`,
  'refused/room': ({ room, reason }) => `room ${room} is not read on: ${reason}`,
  'refused/position': ({ room, n, reason }) => `room ${room}: position ${n} was refused: ${reason}`,
  'refused/shut': ({ room, n, who }) => `room ${room}: position ${n}, by ${who}, does not open`,
  'refused/withheld': ({ room, n }) => `room ${room}: position ${n}: the server withholds a record that nobody deleted`,
  'refused/title': ({ room }) => `room ${room}: the name that came with the invitation does not open`,
  'refused/vault-copy': ({ room }) => `room ${room}: this device wrote a record that this vault does not know`,
  'refused/skeleton': ({ room, reason }) => `room ${room}: ${reason}; what was shown before is taken back`,
  'refused/mark': ({ room, reason }) => `room ${room}: ${reason}`,
  'refused/content': ({ room, n, content }) =>
    `room ${room}: position ${n ?? 'queued'} holds ${contents[content]}; it changes nothing`,
  'refused/keys': ({ who, reason }) => `the keys of ${who} that the server gives are refused: ${reason}`,
  'refused/profile': ({ who, reason }) => `the profile of ${who} that the server gives is refused: ${reason}`,
  'refused/contact': ({ reason }) => `a contact statement was refused: ${reason}`,
  'refused/contact-waits': ({ reason }) => `a contact statement waits: ${reason}`,
  'refused/file-name': ({ room, file, flaw }) =>
    `room ${room}: the name of file ${file} is unsafe (${flaw}) and shown otherwise`,
  'refused/file-content': ({ room, file, reason }) =>
    `room ${room}: the content of file ${file} was refused: ${reason}`,
  'refused/checkpoint-unsigned': ({ who }) => `${who} passed on a checkpoint that the server did not sign`,
  'refused/checkpoint-malformed': ({ who }) => `${who} passed on what is no checkpoint`,
  'head/contradiction': ({ subject, id, reason }) => `${subject} ${id}: ${reason}`,
  'head/key': () => 'the home server has a new head key',
  'head/audit-log': ({ seen, shown }) =>
    `the server was restored: its audit log went from ${seen} entries that were seen to ${shown}`,
  'head/room-restored': ({ room, lost, given }) => {
    const back = given === lost ? 'all were given back' : `${given} could be given back from here`;
    return `room ${room}: the server was restored from a backup and lacked ${lost} entries; ${back}`;
  },
  'head/keys-restored': ({ who, count }) =>
    `the server was restored from a backup; ${count} statements of ${who} were given back`,
  'head/keys-not-restored': ({ who }) => `the restored server did not take the keys of ${who} back`,
  'gap/missing': ({ room, n }) => `room ${room}: records before position ${n} are missing`,
  'certificate/renewed': () => 'the certificates of this device were renewed',
  'certificate/not-renewed': () => 'the certificates of this device could not be renewed',
  'passphrase/changed': () => 'the passphrase was changed; the old one opens nothing that comes from now on',
  'passphrase/vault-renewed': () => 'the vault has a new secret under the new passphrase',
  'passphrase/vault-not-renewed': () => 'the vault could not be put under the new passphrase yet',
  'passphrase/passkey-added': () => 'a passkey opens this vault from now on',
  'passphrase/passkey-removed': () => 'a passkey opens this vault no more',
  'policy/accepted': ({ version }) => `version ${version} of the organisation's policy was accepted`,
  'policy/known': ({ version }) => `version ${version} of the organisation's policy is known`,
  'policy/refused': ({ reason }) => reason,
  'policy/removed': ({ room, who }) => `room ${room}: removed ${who}, who is suspended`,
  'call/refused': ({ reason }) => `a message of a call was refused: ${reason}`,
  'log/refused': ({ reason }) => `transparency log: ${reason}`,
  'log/anew': () => 'the server was restored, and its transparency log began anew',
  'log/other-places': () => 'the transparency log places addresses by another key than before',
  'log/late': ({ who }) => `the transparency log has not had the newest keys of ${who} for more than a day`,
  'log/rollback': ({ who, here, there }) =>
    `the server shows a transparency log of ${here} epochs here, and one of ${there} to ${who}`,
  'log/split': ({ who, here, there }) =>
    `the server showed ${who} another transparency log of ${there} epochs than the one of ${here} here`,
  'log/contradicts-keys': ({ who, size, reason }) =>
    `the transparency log of ${size} epochs contradicts the keys of ${who}: ${reason}`,
  'log/contradicts-itself': ({ size, known }) =>
    `the server showed a transparency log of ${size} epochs that contradicts the one of ${known} that it signed before`,
};
