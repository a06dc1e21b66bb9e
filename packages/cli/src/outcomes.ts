import type { AgentPeerCode, AgentUsageCode, AgentWireCode } from '@sotto/agent/client';
import type { CborCode, TextCode } from '@sotto/bytes';
import type { CryptoPeerCode, CryptoPolicyCode, CryptoUsageCode, CryptoWireCode } from '@sotto/crypto';
import type { KeyboxPeerCode, KeyboxPolicyCode, KeyboxUsageCode } from '@sotto/keybox';
import type { PkiPeerCode, PkiUsageCode, PkiWireCode } from '@sotto/pki';
import type { ChannelPeerCode, ChannelUsageCode, ChannelWireCode, ProtocolCode } from '@sotto/protocol';
import type { TransparencyPeerCode, TransparencyUsageCode, TransparencyWireCode } from '@sotto/transparency';
import { type CallCode, callOutcomes } from './call-outcomes.ts';
import type { CliCode } from './fault.ts';
import { forged, type Outcome, report } from './outcome.ts';

/** Every code that a command can end with. */
export type FaultCode = CallCode | OtherCode;

/** But for those of media and softphones alone. */
type OtherCode =
  | 'bug'
  | CborCode
  | TextCode
  | CryptoWireCode
  | CryptoPeerCode
  | CryptoPolicyCode
  | CryptoUsageCode
  | PkiWireCode
  | PkiPeerCode
  | PkiUsageCode
  | ProtocolCode
  | ChannelWireCode
  | ChannelPeerCode
  | ChannelUsageCode
  | TransparencyWireCode
  | TransparencyPeerCode
  | TransparencyUsageCode
  | KeyboxPeerCode
  | KeyboxPolicyCode
  | KeyboxUsageCode
  | AgentWireCode
  | AgentPeerCode
  | AgentUsageCode
  | CliCode;

/** The outcome of a code; one that is not in the table is a bug of ours. */
export function outcomeOf(code: string): Outcome {
  return Object.hasOwn(outcomes, code) ? outcomes[code as FaultCode] : outcomes.bug;
}

const server =
  'The answer was refused and nothing was changed; try again, and tell whoever runs the server if it stays.';
const container = 'Ask the sender to make it again; it was altered, or made with algorithms that are not accepted.';
const ask = 'Ask an owner or admin of the room; `sotto room members ROOM` lists them.';
const invitation = 'Ask for a new invitation; each is good for one account and for a limited time.';

/** One row for every code of every package that a command can meet. */
export const outcomes: Readonly<Record<FaultCode, Outcome>> = {
  ...callOutcomes,

  // the organisation
  'account-suspended': { exit: 7, hint: 'An administrator can resume it; what is on this device stays as it is.' },
  'last-owner': { exit: 7, hint: 'Name another owner first: `sotto admin users set-role ADDRESS owner`.' },
  'policy-forbids': {
    exit: 7,
    hint: 'See the rules with `sotto account policy`; the owner of the organisation changes them.',
  },
  'policy-outdated': {
    exit: 1,
    hint: 'Another policy was published meanwhile: look at it, then agree or set yours again.',
  },
  'policy-key-missing': {
    exit: 7,
    hint: 'The policy key is with the first owner: use that account, or import its export.',
  },
  'policy-invalid': { exit: 1, hint: 'The rules that held before stay in force; tell the owner of the server.' },
  'policy-rollback': {
    exit: 1,
    hint: 'The newer rules stay in force and both are kept; tell the owner of the server.',
  },
  'policy-split': {
    exit: 1,
    hint: 'The rules seen first stay in force and both are kept; tell the owner of the server.',
  },
  'audit-broken': { exit: 1, hint: 'Believe nothing that this audit log says; compare it with the exported one.' },
  'member-suspended': {
    exit: 7,
    hint: 'Sending waits until an owner or admin of the room has removed who is suspended.',
  },

  // the command line itself
  usage: { exit: 2, hint: 'Run the command with --help to see what it takes.' },
  'input-needed': { exit: 2, hint: 'Give it as an argument or a file; questions are asked only at a terminal.' },
  'file-unreadable': { exit: 2, hint: 'Check the path and that you may read the file.' },
  'file-unwritable': { exit: 1, hint: 'Check the path, that you may write there, and that the disk has room.' },
  'audit-failed': { exit: 1, hint: 'Compare fingerprints with the people concerned before you trust what is marked.' },
  'vault-not-encrypted': { exit: 1, hint: 'Copy nothing from this disk, and report it: a vault is always encrypted.' },
  bug: { exit: 1, hint: report },

  // texts and encodings
  'text-malformed': { exit: 2, hint: 'Check what was typed: text is UTF-8, fingerprints are 64 hexadecimal digits.' },
  'cbor-malformed': { exit: 1, hint: forged },
  'cbor-not-deterministic': { exit: 1, hint: forged },
  'cbor-too-large': { exit: 1, hint: forged },

  // keys and suites
  'key-malformed': { exit: 1, hint: forged },
  'sealed-malformed': { exit: 1, hint: forged },
  'opaque-malformed': { exit: 1, hint: server },
  'open-failed': {
    exit: 1,
    hint: 'It is not for this account, was altered, or the passphrase of the file is another.',
  },
  'bad-signature': { exit: 1, hint: forged },
  'bad-share': { exit: 1, hint: forged },
  'server-auth-failed': { exit: 4, hint: 'Check address and passphrase and try again.' },
  'kdf-downgrade': {
    exit: 7,
    hint: 'The server or file asked for too weak a protection of the passphrase; do not use it.',
  },
  'kdf-too-costly': {
    exit: 7,
    hint: 'The server or file asked for more memory or time than is allowed; do not use it.',
  },
  'suite-refused': { exit: 7, hint: 'The room or account asks for a stronger suite than this one.' },
  'suite-unknown': { exit: 2, hint: 'Name the module of that suite with --suite-module or SOTTO_SUITE_MODULE.' },
  'suite-invalid': { exit: 2, hint: 'Check the module: it must export `createSuite` and pass the checks of a suite.' },
  'stream-too-long': { exit: 2, hint: 'Split the input; it is longer than one stream may be.' },

  // certificates and containers
  'der-malformed': { exit: 1, hint: 'Check that the file is a DER container or certificate and whole.' },
  'pem-malformed': { exit: 2, hint: 'Check that the file is a PEM certificate and whole.' },
  'certificate-profile': { exit: 1, hint: forged },
  'certificate-issuer': { exit: 1, hint: 'The certificate is of another authority; check whose it is.' },
  'certificate-signature': { exit: 1, hint: forged },
  'certificate-expired': { exit: 1, hint: 'Check the clock of this machine; a certificate renews itself when online.' },
  'certificate-not-yet-valid': { exit: 1, hint: 'Check the clock of this machine.' },
  'certificate-revoked': { exit: 1, hint: 'The device was revoked; ask its owner for the present certificate.' },
  'certificate-mismatch': { exit: 1, hint: server },
  'request-profile': { exit: 1, hint: report },
  'request-signature': { exit: 1, hint: report },
  'crl-profile': { exit: 1, hint: server },
  'crl-signature': { exit: 1, hint: server },
  'crl-stale': { exit: 1, hint: 'Check the clock of this machine, and try again when the server is in reach.' },
  'crl-rollback': { exit: 1, hint: 'The server shows an older list than before; tell whoever runs it.' },
  'pkcs12-profile': {
    exit: 1,
    hint: 'The key file is of another format than this program writes; restore it from a copy.',
  },
  'container-profile': { exit: 1, hint: container },
  'container-signature': { exit: 1, hint: container },
  'container-recipients': { exit: 1, hint: container },
  'container-not-recipient': { exit: 1, hint: 'It is sealed for somebody else; ask the sender to name this account.' },
  'container-purpose': { exit: 1, hint: 'It was made for another use; ask the sender what it is for.' },
  'name-malformed': { exit: 2, hint: 'Check the name in the certificate.' },
  'key-unsuitable': { exit: 2, hint: 'Use a certificate with an RSA key of 3072 or 4096 bits.' },
  'recipient-unsuitable': {
    exit: 2,
    hint: 'Use a certificate that allows key encipherment, with RSA of 3072 or 4096 bits.',
  },
  'not-classic': {
    exit: 2,
    hint: 'Only accounts made with --suite classic have a certificate that others encrypt to.',
  },

  // names and forms
  'address-malformed': { exit: 2, hint: 'Write addresses as name@domain.' },
  'device-name-malformed': { exit: 2, hint: 'Use 1 to 32 of a-z, 0-9 and inner hyphens.' },
  'invitation-malformed': { exit: 2, hint: 'Copy the whole link, from https:// to the end of the fingerprint.' },
  'format-malformed': { exit: 1, hint: forged },
  'format-unsupported': { exit: 1, hint: 'Update this program; it was made by a newer version.' },
  'frame-malformed': { exit: 1, hint: server },
  'not-found': { exit: 2, hint: 'Check the name; `sotto room list` and `sotto contact list` show what there is.' },
  ambiguous: { exit: 2, hint: 'Use the id, or more of its digits; `sotto room list` shows them.' },
  'message-too-long': { exit: 2, hint: 'Split the text: one message has at most 65,536 bytes.' },
  'voice-malformed': { exit: 2, hint: 'Give a whole recording in Ogg Opus, or send it as a file.' },
  'profile-malformed': { exit: 2, hint: 'Give short, plain lines, and a PNG or JPEG file of at most 64 KiB.' },
  'search-malformed': { exit: 2, hint: 'Search by at least one word of letters or digits, and not by a whole page.' },
  queued: { exit: 2, hint: 'Run `sotto outbox flush`, then delete the message if it arrived.' },
  'device-own': { exit: 2, hint: 'Say --wipe if this device shall be revoked and its vault deleted.' },
  'device-last': { exit: 2, hint: 'Add another device first.' },
  'device-kit': { exit: 2, hint: 'Make a new recovery kit: sotto account recovery-key --replace.' },
  'revocation-unproven': { exit: 1, hint: 'Tell your administrator: the server says what your account never signed.' },
  cancelled: { exit: 2, hint: 'Nothing was changed.' },

  // sigchains
  'chain-genesis-invalid': { exit: 1, hint: forged },
  'chain-broken': { exit: 1, hint: forged },
  'chain-stale': { exit: 1, hint: 'Another device of your account was faster. Try again.' },
  'chain-signer-invalid': { exit: 1, hint: forged },
  'chain-closed': { exit: 1, hint: 'The account has ended; remove the contact.' },
  'chain-body-invalid': { exit: 1, hint: forged },
  'device-unendorsed': { exit: 1, hint: forged },

  // room logs
  'roster-invalid': { exit: 1, hint: forged },
  'roster-stale': { exit: 1, hint: 'Somebody else changed the room at the same moment; try again.' },
  'log-broken': { exit: 1, hint: forged },
  'era-table-invalid': { exit: 1, hint: 'Sending waits for a new era: `sotto room rotate ROOM` makes one.' },
  'era-commitment-mismatch': { exit: 1, hint: 'Sending waits for a new era: `sotto room rotate ROOM` makes one.' },
  'record-invalid': { exit: 1, hint: forged },
  'record-author-unknown': { exit: 1, hint: forged },
  'wrong-room': { exit: 1, hint: forged },
  'era-superseded': { exit: 1, hint: 'The room changed its keys while sending; try again, nothing is sent twice.' },
  'seq-gap': { exit: 1, hint: 'A record is missing and was asked for again; try again later.' },
  'seq-conflict': { exit: 1, hint: forged },
  'bad-seen': { exit: 1, hint: forged },
  'pending-chain': { exit: 1, hint: 'The sender’s keys have not come yet; try again later.' },
  'room-forked': { exit: 1, hint: 'Sending stopped and the evidence is kept; talk to the members by another way.' },
  'room-frozen': {
    exit: 1,
    hint: 'Reading goes on; sending waits for a new era by another writer, or `sotto room rotate ROOM`.',
  },
  'rekey-due': {
    exit: 1,
    hint: 'The room needs a new era first: `sotto room rotate ROOM`, or wait for another writer.',
  },

  // heads
  'head-invalid': { exit: 1, hint: server },
  'head-too-old': { exit: 1, hint: 'Try again when the server is in reach and its clock is right.' },
  'server-restored': {
    exit: 1,
    hint: 'The server was restored from a backup and lacks what is kept here; nothing here was lost. Try again later, or tell whoever runs it.',
  },
  'restored-unconfirmed': {
    exit: 7,
    hint: 'The server was restored from a backup; what you wrote waits and is sent once the members have compared what they know.',
  },
  rollback: { exit: 1, hint: 'The server shows less than it did before; nothing here was lost. Tell whoever runs it.' },
  'split-view': {
    exit: 1,
    hint: 'The server shows different pasts; the evidence is kept. Talk to the others by another way.',
  },
  'checkpoint-malformed': { exit: 1, hint: server },
  'checkpoint-invalid': { exit: 1, hint: server },
  'epoch-malformed': { exit: 1, hint: server },
  'proof-invalid': {
    exit: 1,
    hint: 'The server proves what it says of somebody with a proof that does not hold; tell whoever runs it.',
  },
  'log-withheld': {
    exit: 1,
    hint: 'Until the log has the keys, compare the fingerprint by another way; tell whoever runs the server.',
  },
  'log-too-long': { exit: 1, hint: report },
  'clock-skew': { exit: 1, hint: 'Set the clock of this machine (or of the server) right.' },

  // contacts
  'profile-invalid': { exit: 1, hint: forged },
  'contact-invalid': { exit: 1, hint: forged },
  'identity-conflict': { exit: 5, hint: 'Do not trust it: ask the person for their fingerprint by another way.' },
  unverified: { exit: 5, hint: 'Compare fingerprints first: `sotto contact verify ADDRESS --fingerprint F`.' },
  'not-contact': {
    exit: 7,
    hint: 'Both sides must accept: `sotto contact add ADDRESS`, then wait for the other side.',
  },
  blocked: { exit: 7, hint: 'One of you has blocked the other.' },

  // calls
  'call-busy': { exit: 1, hint: 'End the call that stands, then try again.' },
  'call-media-unfit': { exit: 1, hint: report },
  'call-stranger': { exit: 1, hint: forged },
  'call-expired': { exit: 1, hint: 'Set the clocks of both machines right, then call again.' },
  'call-dialog': { exit: 1, hint: forged },
  'call-replayed': { exit: 1, hint: forged },
  'call-transcript': { exit: 1, hint: forged },
  'call-flood': { exit: 1, hint: 'Block who rings again and again: `sotto contact block ADDRESS`.' },

  // rooms and roles
  'role-insufficient': { exit: 7, hint: ask },
  'room-closed': { exit: 7, hint: 'The room takes nothing any more; make a new one.' },
  'member-limit': { exit: 7, hint: 'The room is full.' },
  'era-parts-missing': { exit: 1, hint: 'The keys of the room did not reach the server whole; try again.' },
  'member-exists': { exit: 7, hint: 'Nothing needs to be done.' },
  'member-unknown': { exit: 2, hint: 'Check the address; `sotto room members ROOM` lists the members.' },
  'not-a-member': { exit: 7, hint: ask },
  'successor-needed': { exit: 7, hint: 'Name who takes over: `sotto room leave ROOM --successor ADDRESS`.' },
  'blob-withheld': {
    exit: 1,
    hint: 'Try again later; if it stays, ask the sender to send it again and tell whoever runs the server.',
  },
  'file-damaged': {
    exit: 1,
    hint: 'Nothing was written under its name, and `sotto log list` keeps a note; ask the sender to send it again.',
  },
  'file-exists': { exit: 2, hint: 'Choose another --out, or let --force replace what is there.' },
  'file-changed': { exit: 2, hint: 'Send it once nobody writes to it any more.' },
  'file-too-large': { exit: 2, hint: 'Split it; a file has at most 1 TiB.' },
  'file-name-unsafe': { exit: 2, hint: 'Give it another name with --name: one that every system can write.' },
  'blob-unknown': {
    exit: 1,
    hint: 'The file waited too long for its message and the server let it go; send it again.',
  },
  'blob-mismatch': { exit: 1, hint: 'The bytes were altered on their way and the upload was dropped; send it again.' },
  'blob-store-gone': { exit: 6, hint: 'The server cannot reach its files; try again later, nothing was lost.' },
  'suite-too-weak': { exit: 7, hint: 'The room asks for a stronger suite than the account has.' },

  // signing up
  'invitation-unknown': { exit: 7, hint: invitation },
  'invitation-used': { exit: 7, hint: invitation },
  'invitation-expired': { exit: 7, hint: invitation },
  'address-taken': { exit: 7, hint: 'Choose another name; addresses are never given out twice.' },
  'address-look-alike': { exit: 7, hint: 'Choose another name; this one can be mistaken for one that exists.' },
  'policy-key-mismatch': {
    exit: 7,
    hint: 'The invitation is of another organisation than the server; ask for a new one.',
  },
  'sign-up-incomplete': {
    exit: 1,
    hint: 'Run `sotto account create` again with the same name and invitation to finish.',
  },
  'sign-up-expired': { exit: 7, hint: 'The sign-up was left too long; start again with a new invitation.' },
  'passphrase-too-weak': {
    exit: 7,
    hint: 'Use more than 20 characters, or 8 with capitals, small letters, digits and signs.',
  },
  'account-exists': {
    exit: 2,
    hint: 'It is here already: `sotto account list` shows it, `sotto account switch ADDRESS` makes it the current one.',
  },
  'no-account': {
    exit: 4,
    hint: 'Run `sotto account create NAME --invitation URL`, or set SOTTO_HOME to the account’s folder.',
  },

  // new devices
  'link-code-malformed': {
    exit: 2,
    hint: 'Copy the 26 characters from the other screen; case and hyphens do not matter.',
  },
  'link-request-invalid': {
    exit: 1,
    hint: 'Nothing was signed; type the code again from the screen of the new device, and approve nothing else.',
  },
  'link-answer-invalid': {
    exit: 1,
    hint: 'This device was not admitted; begin again with a new code, and tell whoever runs the server if it stays.',
  },
  'link-unknown': { exit: 2, hint: 'Check the code, and that the new device is of the same account.' },
  'link-used': { exit: 2, hint: 'Run `sotto device link` again on the new device; each code is good for one device.' },
  'link-expired': { exit: 2, hint: 'Run `sotto device link` again on the new device; a code is good for ten minutes.' },
  'recovery-key-malformed': { exit: 2, hint: 'Compare it with the kit: eight groups of four letters and digits.' },
  'comparison-malformed': { exit: 2, hint: 'Scan or paste the whole code that the other screen shows for comparing.' },
  'comparison-other': { exit: 2, hint: 'Both open the comparison with each other, then scan again.' },
  'card-malformed': { exit: 2, hint: 'Paste the whole link or vCard, or type the address.' },
  'roaming-off': {
    exit: 7,
    hint: 'Use `sotto device link` with another device at hand, or `sotto account recover` with the recovery kit.',
  },
  'kit-needed': { exit: 2, hint: 'Give the recovery key as well: --recovery-key-file F.' },
  'sign-up-unfinished': {
    exit: 1,
    hint: 'Finish it on the device where it was begun: run `sotto account create` again.',
  },
  'recovery-revoked': { exit: 4, hint: 'The kit was revoked: use a newer one, another device, or roaming.' },
  'second-signer-needed': {
    exit: 7,
    hint: 'Give the old recovery key with --recovery-key-file, or turn roaming on: two proofs replace a kit.',
  },
  'recovery-unknown': {
    exit: 4,
    hint: 'Use the newest kit; an older one ended when `account recovery-key` replaced it.',
  },

  // unlocking
  'wrong-passphrase': { exit: 4, hint: 'Check address and passphrase and try again.' },
  'wrong-passkey': { exit: 4, hint: 'Take the passkey that was made for this vault, or the passphrase.' },
  'passkey-unknown': { exit: 4, hint: 'Unlock by passphrase; passkeys go with a change of it.' },
  'passphrase-needed': { exit: 4, hint: 'Unlock by passphrase once; passkeys open the vault again then.' },
  locked: { exit: 4, hint: 'Give the passphrase: at the prompt, or with --passphrase-file or SOTTO_PASSPHRASE_FILE.' },
  'device-revoked': { exit: 4, hint: 'Make this machine a device again: sotto account sign-in.' },
  'device-unknown': { exit: 4, hint: 'The server does not know this device; check that it is the right server.' },
  throttled: { exit: 7, hint: 'Wait a while before you try again; there were too many attempts.' },
  'proof-of-work-needed': { exit: 7, hint: 'Wait a while before you try again; there were too many attempts.' },
  'not-authorised': { exit: 7, hint: 'Ask the owner of the organisation.' },
  'quota-exceeded': { exit: 7, hint: 'Ask whoever runs the server for more room.' },

  // the vault
  'vault-damaged': { exit: 1, hint: 'Restore the whole folder from a backup of one moment; do not sign up anew.' },
  'vault-rolled-back': {
    exit: 1,
    hint: 'A part is older than the rest; restore the whole folder from a backup of one moment.',
  },
  'state-forked': { exit: 1, hint: 'This vault is an old copy and writes no more; use the newer one.' },
  'account-room-missing': {
    exit: 1,
    hint: 'The server lacks this account’s own room; tell whoever runs it, keep this folder.',
  },
  'room-missing': {
    exit: 1,
    hint: 'The server withholds a room that another device of yours read; tell whoever runs it, keep that device.',
  },
  'vault-busy': { exit: 1, hint: 'Another command works on this account; wait for it to end and try again.' },
  'disk-full': { exit: 1, hint: 'Make room on the disk and try again; what was saved before is whole.' },

  // the agent
  'agent-running': { exit: 2, hint: 'Use it: `sotto agent status` shows it, `sotto agent stop` ends it.' },
  'agent-not-running': { exit: 1, hint: 'Start it with `sotto agent start`; commands work without it, too.' },
  'agent-not-started': {
    exit: 1,
    hint: 'Run `sotto agent start --foreground` to see why; agent.log in the profile may tell, too.',
  },
  'agent-lost': {
    exit: 1,
    hint: 'Nothing is lost, and it is safe to repeat; a message without --key may be there already, so look first.',
  },
  'agent-outdated': { exit: 1, hint: 'Run `sotto agent stop`, or end its process, and start it again.' },
  'agent-untrusted': {
    exit: 1,
    hint: 'Nothing was sent. Look who owns agent.socket in the profile and the socket that it names; remove both if they are not yours.',
  },
  'agent-frame-malformed': { exit: 1, hint: 'Stop the agent and start it again; report it if it happens again.' },
  'agent-method-unknown': { exit: 1, hint: report },
  'vault-in-use': {
    exit: 1,
    hint: 'The agent holds the account: `sotto agent status` shows it, `sotto agent stop` ends it.',
  },

  // the way to the server
  unreachable: {
    exit: 6,
    hint: 'Check the network; what is queued goes out with the next command that reaches the server.',
  },
  'vault-needs-server': {
    exit: 6,
    hint: 'Unlock once while the server is in reach; it then works offline for 30 days.',
  },
  'tls-refused': {
    exit: 1,
    hint: 'The server is not the one of the invitation; ask whoever runs it, and do not go on.',
  },
  'channel-broken': {
    exit: 6,
    hint: 'Something between here and the server alters the traffic; nothing was lost. Try again.',
  },
  'channel-interrupted': { exit: 6, hint: 'The connection ended; nothing was lost. Try again.' },
  'channel-timeout': { exit: 6, hint: 'The server did not answer in time; nothing was lost. Try again.' },
  'channel-unauthenticated': {
    exit: 1,
    hint: 'The server is not the one of the invitation; ask whoever runs it, and do not go on.',
  },
  'channel-closed': { exit: 6, hint: 'The connection ended; nothing was lost. Try again.' },
  'key-missing': {
    exit: 1,
    hint: 'The key of that message has not reached this device; it may come with a later sync.',
  },
  'body-withheld': {
    exit: 1,
    hint: 'The server withholds that message; it is asked for again with every sync.',
  },
  'answer-malformed': { exit: 1, hint: server },
  'bundle-invalid': { exit: 1, hint: server },
  'operation-unknown': { exit: 1, hint: 'The server is older than this program; ask whoever runs it to update.' },
  unavailable: { exit: 6, hint: 'Try again later; whoever runs the server finds the reason in its log.' },
  'server-error': {
    exit: 1,
    hint: 'The server had a fault of its own; try again, and tell whoever runs it if it stays.',
  },
};
