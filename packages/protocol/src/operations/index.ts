import * as account from './account.ts';
import * as contact from './contact.ts';
import * as room from './room.ts';

/** Every operation of the API by its wire name. */
export interface Operations {
  readonly 'invitations.look': typeof account.invitationsLook;
  readonly 'invitations.create': typeof account.invitationsCreate;
  readonly 'accounts.register-start': typeof account.accountsRegisterStart;
  readonly 'accounts.register-finish': typeof account.accountsRegisterFinish;
  readonly 'accounts.state': typeof account.accountsState;
  readonly 'accounts.genesis': typeof account.accountsGenesis;
  readonly 'accounts.complete': typeof account.accountsComplete;
  readonly 'accounts.self': typeof account.accountsSelf;
  readonly 'vaults.release': typeof account.vaultsRelease;
  readonly 'devices.certify': typeof account.devicesCertify;
  readonly 'chains.read': typeof account.chainsRead;
  readonly 'certificates.read': typeof account.certificatesRead;
  readonly 'cluster.keys': typeof account.clusterKeys;
  readonly 'contacts.request': typeof contact.contactsRequest;
  readonly 'contacts.accept': typeof contact.contactsAccept;
  readonly 'contacts.block': typeof contact.contactsBlock;
  readonly 'contacts.remove': typeof contact.contactsRemove;
  readonly 'contacts.list': typeof contact.contactsList;
  readonly 'mailboxes.read': typeof contact.mailboxesRead;
  readonly 'mailboxes.acknowledge': typeof contact.mailboxesAcknowledge;
  readonly 'rooms.create': typeof room.roomsCreate;
  readonly 'rooms.append': typeof room.roomsAppend;
  readonly 'rooms.list': typeof room.roomsList;
  readonly 'rooms.read': typeof room.roomsRead;
  readonly 'records.append': typeof room.recordsAppend;
}

export type OperationName = keyof Operations;

export const operations: Operations = {
  'invitations.look': account.invitationsLook,
  'invitations.create': account.invitationsCreate,
  'accounts.register-start': account.accountsRegisterStart,
  'accounts.register-finish': account.accountsRegisterFinish,
  'accounts.state': account.accountsState,
  'accounts.genesis': account.accountsGenesis,
  'accounts.complete': account.accountsComplete,
  'accounts.self': account.accountsSelf,
  'vaults.release': account.vaultsRelease,
  'devices.certify': account.devicesCertify,
  'chains.read': account.chainsRead,
  'certificates.read': account.certificatesRead,
  'cluster.keys': account.clusterKeys,
  'contacts.request': contact.contactsRequest,
  'contacts.accept': contact.contactsAccept,
  'contacts.block': contact.contactsBlock,
  'contacts.remove': contact.contactsRemove,
  'contacts.list': contact.contactsList,
  'mailboxes.read': contact.mailboxesRead,
  'mailboxes.acknowledge': contact.mailboxesAcknowledge,
  'rooms.create': room.roomsCreate,
  'rooms.append': room.roomsAppend,
  'rooms.list': room.roomsList,
  'rooms.read': room.roomsRead,
  'records.append': room.recordsAppend,
};
