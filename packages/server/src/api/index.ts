import type { Handlers } from '../handler.ts';
import { complete } from './accounts/complete.ts';
import { genesis } from './accounts/genesis.ts';
import { registerFinish } from './accounts/register-finish.ts';
import { registerStart } from './accounts/register-start.ts';
import { self } from './accounts/self.ts';
import { state } from './accounts/state.ts';
import { administration } from './admin/index.ts';
import { cancel as cancelUpload } from './blobs/cancel.ts';
import { create as createBlob } from './blobs/create.ts';
import { finish as finishUpload } from './blobs/finish.ts';
import { read as readBlob } from './blobs/read.ts';
import { resume as resumeUpload } from './blobs/resume.ts';
import { read as readCertificates } from './certificates/read.ts';
import { append as appendChain } from './chains/append.ts';
import { confirm as confirmChain } from './chains/confirm.ts';
import { read as readChain } from './chains/read.ts';
import { restore as restoreChain } from './chains/restore.ts';
import { keys } from './cluster/keys.ts';
import { accept } from './contacts/accept.ts';
import { block } from './contacts/block.ts';
import { list as listContacts } from './contacts/list.ts';
import { remove } from './contacts/remove.ts';
import { request } from './contacts/request.ts';
import { certify } from './devices/certify.ts';
import { list as listDevices } from './devices/list.ts';
import { stage } from './eras/stage.ts';
import { look } from './invitations/look.ts';
import { answer as answerLink } from './links/answer.ts';
import { offer as offerLink } from './links/offer.ts';
import { poll as pollLink } from './links/poll.ts';
import { read as readLink } from './links/read.ts';
import { acknowledge } from './mailboxes/acknowledge.ts';
import { read as readMailbox } from './mailboxes/read.ts';
import { finish as finishPassphrase } from './passphrase/finish.ts';
import { start as startPassphrase } from './passphrase/start.ts';
import { read as readPolicy } from './policies/read.ts';
import { list as listPresence } from './presence/list.ts';
import { set as setPresence } from './presence/set.ts';
import { give as giveProfile } from './profiles/give.ts';
import { read as readProfile } from './profiles/read.ts';
import { set as setProfile } from './profiles/set.ts';
import { append as appendRecords } from './records/append.ts';
import { chain as recoveryChain } from './recovery/chain.ts';
import { open as openRecovery } from './recovery/open.ts';
import { set as setRecovery } from './recovery/set.ts';
import { append as appendStatement } from './rooms/append.ts';
import { confirm as confirmRoom } from './rooms/confirm.ts';
import { create as createRoom } from './rooms/create.ts';
import { list as listRooms } from './rooms/list.ts';
import { read as readRoom } from './rooms/read.ts';
import { restore as restoreRoom } from './rooms/restore.ts';
import { skeleton as readSkeleton } from './rooms/skeleton.ts';
import { send as sendSignal } from './signals/send.ts';
import { checkpoint } from './transparency/checkpoint.ts';
import { consistency } from './transparency/consistency.ts';
import { entries } from './transparency/entries.ts';
import { confirm as confirmVault } from './vaults/confirm.ts';
import { release } from './vaults/release.ts';
import { store as storeVault } from './vaults/store.ts';

/** Every operation by its wire name. */
export const handlers: Handlers = {
  'invitations.look': look,
  'accounts.register-start': registerStart,
  'accounts.register-finish': registerFinish,
  'accounts.state': state,
  'accounts.genesis': genesis,
  'accounts.complete': complete,
  'accounts.self': self,
  'vaults.release': release,
  'devices.certify': certify,
  'chains.append': appendChain,
  'chains.read': readChain,
  'devices.list': listDevices,
  'vaults.store': storeVault,
  'vaults.confirm': confirmVault,
  'passphrase.start': startPassphrase,
  'passphrase.finish': finishPassphrase,
  'links.offer': offerLink,
  'links.read': readLink,
  'links.answer': answerLink,
  'links.poll': pollLink,
  'recovery.set': setRecovery,
  'recovery.open': openRecovery,
  'recovery.chain': recoveryChain,
  'certificates.read': readCertificates,
  'cluster.keys': keys,
  'contacts.request': request,
  'contacts.accept': accept,
  'contacts.block': block,
  'contacts.remove': remove,
  'contacts.list': listContacts,
  'mailboxes.read': readMailbox,
  'mailboxes.acknowledge': acknowledge,
  'presence.set': setPresence,
  'presence.list': listPresence,
  'signals.send': sendSignal,
  'profiles.set': setProfile,
  'profiles.give': giveProfile,
  'profiles.read': readProfile,
  'rooms.create': createRoom,
  'rooms.append': appendStatement,
  'eras.stage': stage,
  'rooms.list': listRooms,
  'rooms.read': readRoom,
  'rooms.skeleton': readSkeleton,
  'records.append': appendRecords,
  'rooms.confirm': confirmRoom,
  'rooms.restore': restoreRoom,
  'chains.confirm': confirmChain,
  'chains.restore': restoreChain,
  'transparency.checkpoint': checkpoint,
  'transparency.consistency': consistency,
  'transparency.entries': entries,
  'policies.read': readPolicy,
  ...administration,
  'blobs.create': createBlob,
  'blobs.resume': resumeUpload,
  'blobs.finish': finishUpload,
  'blobs.cancel': cancelUpload,
  'blobs.read': readBlob,
};
