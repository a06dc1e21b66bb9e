import type { KeyBox } from '../keybox.ts';

/**
 * What may be called of an open account from another program or page, and nothing else: each area of a box with each of
 * its methods. `read` changes nothing here and may be asked twice, `call` answers once, `stream` answers with an
 * iteration, `inside` is for the program that holds the box. The compiler demands a row for every method of the classes,
 * and takes no other.
 */
export const boxMethods: MethodTables<BoxAreas> = {
  box: {
    sync: 'call',
    close: 'inside',
    showAccount: 'read',
    card: 'read',
    createInvitations: 'call',
    addContact: 'call',
    acceptContact: 'call',
    blockContact: 'call',
    unblockContact: 'call',
    removeContact: 'call',
    listContacts: 'read',
    showContact: 'read',
    noteContact: 'call',
    verifyContact: 'call',
    createRoom: 'call',
    listRooms: 'read',
    findRoom: 'read',
    directRoom: 'call',
    roomMembers: 'read',
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
    forwardMessage: 'call',
    editMessage: 'call',
    deleteMessage: 'call',
    reactMessage: 'call',
    unreactMessage: 'call',
    markRead: 'call',
    listMessages: 'read',
    pageMessages: 'read',
    showMessage: 'read',
    retryMessage: 'call',
    changes: 'read',
    showMessageContainer: 'call',
    listOutbox: 'read',
    dropOutbox: 'call',
    flushOutbox: 'call',
    sealContainer: 'call',
    openContainer: 'call',
    certificate: 'read',
    keyLog: 'read',
    audit: 'call',
  },
  admin: {
    ownRole: 'read',
    users: 'read',
    showUser: 'read',
    suspendUser: 'call',
    resumeUser: 'call',
    deleteUser: 'call',
    setUserRole: 'call',
    invitations: 'read',
    createInvitations: 'call',
    revokeInvitation: 'call',
    sessions: 'read',
    endSession: 'call',
    statistics: 'read',
    audit: 'read',
    auditLength: 'read',
    tryPolicy: 'read',
    setPolicy: 'call',
    policyHistory: 'read',
    exportPolicyKey: 'call',
    importPolicyKey: 'call',
  },
  policy: { inForce: 'read', state: 'read', accept: 'call', refresh: 'call', pin: 'inside' },
  auditor: { coverage: 'read', run: 'call', again: 'inside' },
  keyRequests: { list: 'read', approve: 'call', deny: 'call', ask: 'call' },
  roomNotes: { pin: 'call', mute: 'call', archive: 'call', draft: 'read', setDraft: 'call' },
  archive: { status: 'read', isOpen: 'inside', need: 'call', fetch: 'call' },
  presence: { setting: 'read', set: 'call', announce: 'inside', list: 'read', show: 'read', watch: 'inside' },
  calls: {
    place: 'call',
    answer: 'call',
    decline: 'call',
    hangUp: 'call',
    hold: 'call',
    mute: 'call',
    addCandidates: 'call',
    connected: 'call',
    failed: 'call',
    media: 'read',
    current: 'read',
    watch: 'stream',
    log: 'read',
    zid: 'read',
    retainedSecrets: 'read',
    keepSecret: 'call',
    doubtSecret: 'call',
    settled: 'call',
    care: 'inside',
  },
  profile: { set: 'call', own: 'read', show: 'read', setInRoom: 'call', care: 'inside', careOnline: 'inside' },
  devices: { ownName: 'read', list: 'read', revoke: 'call', rotate: 'call', changePassphrase: 'call' },
  enrolments: {
    showLink: 'read',
    approveLink: 'call',
    hasRecoveryKey: 'read',
    setRecoveryKey: 'call',
    bindRoaming: 'call',
  },
  people: {
    readCard: 'read',
    compare: 'read',
    scan: 'call',
    mismatch: 'call',
    unverify: 'call',
    history: 'read',
  },
  transparency: { show: 'read', check: 'call', follow: 'inside' },
  search: { find: 'read', coverage: 'read' },
  files: {
    send: 'inside',
    begin: 'inside',
    upload: 'inside',
    publish: 'inside',
    get: 'inside',
    list: 'read',
    versions: 'read',
    find: 'read',
    remove: 'call',
    transfers: 'read',
    cancel: 'call',
  },
};

/** The box itself and its own areas. */
export type BoxAreas = Pick<KeyBox, BoxArea> & { readonly box: KeyBox };

/** The areas that a box has as properties. */
type BoxArea = {
  [Name in keyof KeyBox]: KeyBox[Name] extends string | Method ? never : Name;
}[keyof KeyBox];

export type MethodKind = 'read' | 'call' | 'stream' | 'inside';

/** A table for areas that are objects with methods. */
export type MethodTables<Areas> = { readonly [Name in keyof Areas]: MethodTable<Areas[Name]> };

type Method = (...input: never[]) => unknown;
type MethodTable<Area> = {
  readonly [Name in keyof Area as Area[Name] extends Method ? Name : never]: KindsOf<Area[Name]>;
};
type KindsOf<Work> = Work extends (...input: never[]) => Promise<unknown>
  ? 'read' | 'call' | 'inside'
  : Work extends (...input: never[]) => AsyncIterable<unknown>
    ? 'stream' | 'inside'
    : 'inside';

/** The kind of a method; null for what is not in the tables, whatever objects or prototypes may have under that name. */
export function methodKind(
  tables: Readonly<Record<string, Readonly<Record<string, MethodKind>>>>,
  area: string,
  method: string,
): MethodKind | null {
  const table = Object.hasOwn(tables, area) ? tables[area] : undefined;
  return table !== undefined && Object.hasOwn(table, method) ? (table[method] ?? null) : null;
}
