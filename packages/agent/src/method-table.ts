import type { KeyBox } from '@sotto/keybox';
import type { Upkeep } from './upkeep.ts';
import type { VaultTools } from './vault-tools.ts';

/**
 * What clients may call of an account, and nothing else: each area with each of its methods. `call` answers once,
 * `stream` answers with an iteration, `inside` is for the agent alone. The compiler demands a row for every method of
 * the classes, and takes no other.
 */
export const methodTable: Tables = {
  box: {
    sync: 'call',
    close: 'inside',
    showAccount: 'call',
    card: 'call',
    createInvitations: 'call',
    addContact: 'call',
    acceptContact: 'call',
    blockContact: 'call',
    removeContact: 'call',
    listContacts: 'call',
    showContact: 'call',
    noteContact: 'call',
    verifyContact: 'call',
    createRoom: 'call',
    listRooms: 'call',
    findRoom: 'call',
    directRoom: 'call',
    roomMembers: 'call',
    addMember: 'call',
    removeMember: 'call',
    setRole: 'call',
    renameRoom: 'call',
    setHistory: 'call',
    leaveRoom: 'call',
    closeRoom: 'call',
    rotateRoom: 'call',
    sendDirect: 'call',
    sendMessage: 'call',
    editMessage: 'call',
    deleteMessage: 'call',
    reactMessage: 'call',
    markRead: 'call',
    listMessages: 'call',
    changes: 'call',
    showMessageContainer: 'call',
    listOutbox: 'call',
    dropOutbox: 'call',
    flushOutbox: 'call',
    sealContainer: 'call',
    openContainer: 'call',
    certificate: 'call',
    keyLog: 'call',
    audit: 'call',
  },
  admin: {
    users: 'call',
    showUser: 'call',
    suspendUser: 'call',
    resumeUser: 'call',
    deleteUser: 'call',
    setUserRole: 'call',
    invitations: 'call',
    createInvitations: 'call',
    revokeInvitation: 'call',
    sessions: 'call',
    endSession: 'call',
    statistics: 'call',
    audit: 'call',
    auditLength: 'call',
    tryPolicy: 'call',
    setPolicy: 'call',
    policyHistory: 'call',
    exportPolicyKey: 'call',
    importPolicyKey: 'call',
  },
  policy: { inForce: 'call', state: 'call', accept: 'call', refresh: 'call', pin: 'inside' },
  auditor: { coverage: 'call', run: 'call', again: 'inside' },
  keyRequests: { list: 'call', approve: 'call', deny: 'call' },
  archive: { status: 'call', isOpen: 'inside', need: 'call', fetch: 'call' },
  presence: { setting: 'call', set: 'call', announce: 'inside', list: 'call', show: 'call', watch: 'inside' },
  profile: { set: 'call', own: 'call', show: 'call', setInRoom: 'call', care: 'inside', careOnline: 'inside' },
  devices: { ownName: 'call', list: 'call', revoke: 'call', rotate: 'call', changePassphrase: 'call' },
  enrolments: {
    showLink: 'call',
    approveLink: 'call',
    hasRecoveryKey: 'call',
    setRecoveryKey: 'call',
    bindRoaming: 'call',
  },
  transparency: { show: 'call', check: 'call', follow: 'inside' },
  search: { find: 'call', coverage: 'call' },
  files: {
    send: 'inside',
    begin: 'inside',
    upload: 'inside',
    publish: 'inside',
    get: 'inside',
    list: 'call',
    versions: 'call',
    find: 'call',
    remove: 'call',
    transfers: 'call',
    cancel: 'call',
  },
  tools: { checkVault: 'call', exportKeyFile: 'call', sendFile: 'call', fetchFile: 'call', cancelTransfer: 'call' },
  upkeep: { freshen: 'call', watch: 'stream', status: 'inside', notice: 'inside', close: 'inside' },
};

/** Every area that clients can name: the box itself, its own areas, and what the agent adds. */
interface Areas extends Pick<KeyBox, BoxArea> {
  readonly box: KeyBox;
  readonly tools: VaultTools;
  readonly upkeep: Upkeep;
}

export type AreaName = keyof Areas;

/** The areas that a box has as properties. */
type BoxArea = {
  [Name in keyof KeyBox]: KeyBox[Name] extends string | Method ? never : Name;
}[keyof KeyBox];

export type MethodKind = 'call' | 'stream' | 'inside';

type Method = (...input: never[]) => unknown;
type Tables = { readonly [Name in AreaName]: Table<Areas[Name]> };
type Table<Area> = {
  readonly [Name in keyof Area as Area[Name] extends Method ? Name : never]: KindsOf<Area[Name]>;
};
type KindsOf<Work> = Work extends (...input: never[]) => Promise<unknown>
  ? 'call' | 'inside'
  : Work extends (...input: never[]) => AsyncIterable<unknown>
    ? 'stream' | 'inside'
    : 'inside';

/** The kind of a method; null for what is not in the table, whatever objects or prototypes may have under that name. */
export function methodKind(area: string, method: string): MethodKind | null {
  const tables: Readonly<Record<string, Readonly<Record<string, MethodKind>>>> = methodTable;
  const table = Object.hasOwn(tables, area) ? tables[area] : undefined;
  return table !== undefined && Object.hasOwn(table, method) ? (table[method] ?? null) : null;
}
