import { boxMethods, type MethodKind, type MethodTables, methodKind } from '@sotto/keybox/methods';
import type { Gate, Tools } from '../vault.ts';

/** What pages may ask a worker for beside the box, and nothing else. `read`: done twice it does no more than once. */
const ownMethods: MethodTables<{ readonly gate: Gate; readonly tools: Tools }> = {
  gate: {
    state: 'read',
    server: 'read',
    unfinished: 'read',
    invitation: 'read',
    signUp: 'call',
    signIn: 'call',
    link: 'call',
    openKit: 'read',
    recover: 'call',
    unlock: 'read',
    passkeys: 'read',
    unlockByPasskey: 'read',
    lock: 'read',
    forget: 'read',
    cancel: 'read',
    passphraseScore: 'read',
    generatePassphrase: 'read',
    storage: 'read',
    persist: 'read',
  },
  tools: {
    checkVault: 'read',
    exportKeyFile: 'read',
    addPasskey: 'read',
    removePasskey: 'read',
    newRecoveryKey: 'read',
    setRecoveryKey: 'call',
    // Under one key: the task's.
    sendFile: 'read',
    readFile: 'read',
    offerFile: 'call',
  },
};

/** The kind of what a call names; null for what is not published. */
export function callKind(path: readonly string[]): MethodKind | null {
  const [first = '', second = '', third] = path;
  if (path.length === 2) {
    const kind = first === 'box' ? methodKind(boxMethods, 'box', second) : methodKind(ownMethods, first, second);
    return published(kind);
  }
  if (path.length !== 3 || first !== 'box' || second === 'box') return null;
  return published(methodKind(boxMethods, second, third ?? ''));
}

function published(kind: MethodKind | null): MethodKind | null {
  return kind === 'inside' || kind === 'stream' ? null : kind;
}
