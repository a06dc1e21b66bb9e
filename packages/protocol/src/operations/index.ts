import * as account from './account.ts';
import * as admin from './admin.ts';
import * as blob from './blob.ts';
import * as contact from './contact.ts';
import * as device from './device.ts';
import * as enrol from './enrol.ts';
import * as era from './era.ts';
import * as presence from './presence.ts';
import * as profile from './profile.ts';
import * as restored from './restored.ts';
import * as room from './room.ts';
import * as signal from './signal.ts';
import * as transparency from './transparency.ts';

/** Every operation of the API by its wire name. */
export interface Operations {
  readonly 'invitations.look': typeof account.invitationsLook;
  readonly 'accounts.register-start': typeof account.accountsRegisterStart;
  readonly 'accounts.register-finish': typeof account.accountsRegisterFinish;
  readonly 'accounts.state': typeof account.accountsState;
  readonly 'accounts.genesis': typeof account.accountsGenesis;
  readonly 'accounts.complete': typeof account.accountsComplete;
  readonly 'accounts.self': typeof account.accountsSelf;
  readonly 'vaults.release': typeof account.vaultsRelease;
  readonly 'devices.certify': typeof account.devicesCertify;
  readonly 'chains.read': typeof account.chainsRead;
  readonly 'chains.append': typeof device.chainsAppend;
  readonly 'devices.list': typeof device.devicesList;
  readonly 'vaults.store': typeof device.vaultsStore;
  readonly 'vaults.confirm': typeof device.vaultsConfirm;
  readonly 'passphrase.start': typeof device.passphraseStart;
  readonly 'passphrase.finish': typeof device.passphraseFinish;
  readonly 'links.offer': typeof enrol.linksOffer;
  readonly 'links.read': typeof enrol.linksRead;
  readonly 'links.answer': typeof enrol.linksAnswer;
  readonly 'links.poll': typeof enrol.linksPoll;
  readonly 'recovery.set': typeof enrol.recoverySet;
  readonly 'recovery.open': typeof enrol.recoveryOpen;
  readonly 'recovery.chain': typeof enrol.recoveryChain;
  readonly 'certificates.read': typeof account.certificatesRead;
  readonly 'cluster.keys': typeof account.clusterKeys;
  readonly 'contacts.request': typeof contact.contactsRequest;
  readonly 'contacts.accept': typeof contact.contactsAccept;
  readonly 'contacts.block': typeof contact.contactsBlock;
  readonly 'contacts.remove': typeof contact.contactsRemove;
  readonly 'contacts.list': typeof contact.contactsList;
  readonly 'mailboxes.read': typeof contact.mailboxesRead;
  readonly 'mailboxes.acknowledge': typeof contact.mailboxesAcknowledge;
  readonly 'presence.set': typeof presence.presenceSet;
  readonly 'presence.list': typeof presence.presenceList;
  readonly 'signals.send': typeof signal.signalsSend;
  readonly 'profiles.set': typeof profile.profilesSet;
  readonly 'profiles.give': typeof profile.profilesGive;
  readonly 'profiles.read': typeof profile.profilesRead;
  readonly 'rooms.create': typeof room.roomsCreate;
  readonly 'rooms.append': typeof room.roomsAppend;
  readonly 'eras.stage': typeof era.erasStage;
  readonly 'rooms.list': typeof room.roomsList;
  readonly 'rooms.read': typeof room.roomsRead;
  readonly 'rooms.skeleton': typeof room.roomsSkeleton;
  readonly 'records.append': typeof room.recordsAppend;
  readonly 'rooms.confirm': typeof restored.roomsConfirm;
  readonly 'rooms.restore': typeof restored.roomsRestore;
  readonly 'chains.confirm': typeof restored.chainsConfirm;
  readonly 'chains.restore': typeof restored.chainsRestore;
  readonly 'transparency.checkpoint': typeof transparency.transparencyCheckpoint;
  readonly 'transparency.consistency': typeof transparency.transparencyConsistency;
  readonly 'transparency.entries': typeof transparency.transparencyEntries;
  readonly 'policies.read': typeof admin.policiesRead;
  readonly 'admin.users.list': typeof admin.adminUsersList;
  readonly 'admin.users.show': typeof admin.adminUsersShow;
  readonly 'admin.users.suspend': typeof admin.adminUsersSuspend;
  readonly 'admin.users.resume': typeof admin.adminUsersResume;
  readonly 'admin.users.delete': typeof admin.adminUsersDelete;
  readonly 'admin.users.set-role': typeof admin.adminUsersSetRole;
  readonly 'admin.invitations.list': typeof admin.adminInvitationsList;
  readonly 'admin.invitations.create': typeof admin.adminInvitationsCreate;
  readonly 'admin.invitations.revoke': typeof admin.adminInvitationsRevoke;
  readonly 'admin.sessions.list': typeof admin.adminSessionsList;
  readonly 'admin.sessions.end': typeof admin.adminSessionsEnd;
  readonly 'admin.policy.publish': typeof admin.adminPolicyPublish;
  readonly 'admin.policy.history': typeof admin.adminPolicyHistory;
  readonly 'admin.audit.read': typeof admin.adminAuditRead;
  readonly 'admin.statistics': typeof admin.adminStatistics;
  readonly 'blobs.create': typeof blob.blobsCreate;
  readonly 'blobs.resume': typeof blob.blobsResume;
  readonly 'blobs.finish': typeof blob.blobsFinish;
  readonly 'blobs.cancel': typeof blob.blobsCancel;
  readonly 'blobs.read': typeof blob.blobsRead;
}

export type OperationName = keyof Operations;

export const operations: Operations = {
  'invitations.look': account.invitationsLook,
  'accounts.register-start': account.accountsRegisterStart,
  'accounts.register-finish': account.accountsRegisterFinish,
  'accounts.state': account.accountsState,
  'accounts.genesis': account.accountsGenesis,
  'accounts.complete': account.accountsComplete,
  'accounts.self': account.accountsSelf,
  'vaults.release': account.vaultsRelease,
  'devices.certify': account.devicesCertify,
  'chains.read': account.chainsRead,
  'chains.append': device.chainsAppend,
  'devices.list': device.devicesList,
  'vaults.store': device.vaultsStore,
  'vaults.confirm': device.vaultsConfirm,
  'passphrase.start': device.passphraseStart,
  'passphrase.finish': device.passphraseFinish,
  'links.offer': enrol.linksOffer,
  'links.read': enrol.linksRead,
  'links.answer': enrol.linksAnswer,
  'links.poll': enrol.linksPoll,
  'recovery.set': enrol.recoverySet,
  'recovery.open': enrol.recoveryOpen,
  'recovery.chain': enrol.recoveryChain,
  'certificates.read': account.certificatesRead,
  'cluster.keys': account.clusterKeys,
  'contacts.request': contact.contactsRequest,
  'contacts.accept': contact.contactsAccept,
  'contacts.block': contact.contactsBlock,
  'contacts.remove': contact.contactsRemove,
  'contacts.list': contact.contactsList,
  'mailboxes.read': contact.mailboxesRead,
  'mailboxes.acknowledge': contact.mailboxesAcknowledge,
  'presence.set': presence.presenceSet,
  'presence.list': presence.presenceList,
  'signals.send': signal.signalsSend,
  'profiles.set': profile.profilesSet,
  'profiles.give': profile.profilesGive,
  'profiles.read': profile.profilesRead,
  'rooms.create': room.roomsCreate,
  'rooms.append': room.roomsAppend,
  'eras.stage': era.erasStage,
  'rooms.list': room.roomsList,
  'rooms.read': room.roomsRead,
  'rooms.skeleton': room.roomsSkeleton,
  'records.append': room.recordsAppend,
  'rooms.confirm': restored.roomsConfirm,
  'rooms.restore': restored.roomsRestore,
  'chains.confirm': restored.chainsConfirm,
  'chains.restore': restored.chainsRestore,
  'transparency.checkpoint': transparency.transparencyCheckpoint,
  'transparency.consistency': transparency.transparencyConsistency,
  'transparency.entries': transparency.transparencyEntries,
  'policies.read': admin.policiesRead,
  'admin.users.list': admin.adminUsersList,
  'admin.users.show': admin.adminUsersShow,
  'admin.users.suspend': admin.adminUsersSuspend,
  'admin.users.resume': admin.adminUsersResume,
  'admin.users.delete': admin.adminUsersDelete,
  'admin.users.set-role': admin.adminUsersSetRole,
  'admin.invitations.list': admin.adminInvitationsList,
  'admin.invitations.create': admin.adminInvitationsCreate,
  'admin.invitations.revoke': admin.adminInvitationsRevoke,
  'admin.sessions.list': admin.adminSessionsList,
  'admin.sessions.end': admin.adminSessionsEnd,
  'admin.policy.publish': admin.adminPolicyPublish,
  'admin.policy.history': admin.adminPolicyHistory,
  'admin.audit.read': admin.adminAuditRead,
  'admin.statistics': admin.adminStatistics,
  'blobs.create': blob.blobsCreate,
  'blobs.resume': blob.blobsResume,
  'blobs.finish': blob.blobsFinish,
  'blobs.cancel': blob.blobsCancel,
  'blobs.read': blob.blobsRead,
};
