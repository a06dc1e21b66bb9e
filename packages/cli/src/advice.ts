import { type FaultCode, outcomeOf } from './outcomes.ts';

/** What to do about an entry of the key log; null where it only tells what was done. */
export function adviceOn({ kind, code }: { readonly kind: string; readonly code: string | null }): string | null {
  if (kind === 'gap') return 'What is missing was asked for again; if it stays, ask who wrote it to send it once more.';
  if (code === null) return null;
  return advice[code as FaultCode] ?? outcomeOf(code).hint;
}

const keys =
  'The keys were not taken and nothing is sealed to them. Ask the person by another way what they changed, compare fingerprints (`sotto contact verify`), and tell whoever runs the server.';
const room =
  'What stands before it is read and stays; nothing is sealed to anybody whom the members did not admit. Ask a member by another way what they did, and tell whoever runs the server.';
const record =
  'It is not shown, and the others of the room refuse it as well. Ask by another way whom it names, if it matters.';
const pasts =
  'Send nothing that matters until you have compared with the others by another way what they see: who runs the server shows different people different pasts. `sotto transparency show` is what they and you should see alike, `sotto audit run` shows what is concerned.';

/** Where a note that stays asks for more than the end of a command does. */
const advice: Partial<Record<FaultCode, string>> = {
  'bad-signature':
    'Somebody speaks in a name that is not theirs, and was not believed: nothing is sealed to a device or member whom they did not admit. Ask by another way whoever is named, and tell whoever runs the server.',
  'chain-genesis-invalid': keys,
  'chain-broken': keys,
  'chain-signer-invalid': keys,
  'chain-body-invalid': keys,
  'device-unendorsed': keys,
  'roster-invalid': room,
  'role-insufficient': room,
  'not-a-member': room,
  'log-broken': room,
  'record-invalid': record,
  'record-author-unknown': record,
  'wrong-room': record,
  'seq-conflict': record,
  'bad-seen': record,
  'era-superseded': record,
  rollback:
    'Nothing here was lost, and nothing is sent until the server shows all of it again. Tell whoever runs it: an older copy is in its place, or it lies. `sotto audit run` shows what is concerned.',
  'room-forked': pasts,
  'split-view': pasts,
  'identity-conflict':
    'Do not trust the new keys: ask the person for their fingerprint by another way. If it is truly new, `sotto contact remove` and `sotto contact add --fingerprint` begin again.',
  'file-damaged':
    'Nothing was written under its name. Get it again with `sotto file get`; if it stays damaged ask the sender for it again and tell whoever runs the server.',
};
