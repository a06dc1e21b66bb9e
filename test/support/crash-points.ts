import type { Mutation } from './mutation.ts';

/** A place in the sources where a program can be killed: just before or just after a line. */
interface CrashPoint {
  readonly file: string;
  /** Occurs once in the file; a statement, or the beginning of one. */
  readonly line: string;
  readonly side: 'before' | 'after';
}

function before(file: string, line: string): CrashPoint {
  return { file: `packages/${file}`, line, side: 'before' };
}

function after(file: string, line: string): CrashPoint {
  return { file: `packages/${file}`, line, side: 'after' };
}

const PLACE_BLOB = 'await linkOrMove(this.#uploadPath(upload), this.#pathOf(hash));';
const GROW_CHAIN = 'await growChain(context, account, { envelopes: [envelope] });';

/** All points by name. Production code has none of them: they are put in while the sources are loaded. */
const crashPoints = {
  'server/before-commit': before('server/src/store/group-commit.ts', 'await writer.commit();'),
  'server/after-commit': after('server/src/store/group-commit.ts', 'await writer.commit();'),
  'server/before-answer': before('server/src/sessions/dispatch.ts', "stopTimer('answered');"),
  'server/records-stored': before('server/src/api/records/append.ts', 'const { positions, refused, state } = judged;'),
  'server/statement-stored': before('server/src/api/rooms/append.ts', 'if (announced !== null) announce('),
  'server/upload-booked': before('server/src/blobs/blobs.ts', 'await files.createUpload(upload);'),
  'server/before-blob-placed': before('server/src/blobs/blob-files.ts', PLACE_BLOB),
  'server/after-blob-placed': after('server/src/blobs/blob-files.ts', PLACE_BLOB),
  'server/blob-claimed': before('server/src/blobs/blobs.ts', 'await files.removeUpload(row.upload);'),
  'server/blob-forgotten': after('server/src/blobs/blobs.ts', 'if (orphans.length === 0) return;'),
  'server/before-chain-grown': before('server/src/api/chains/append.ts', GROW_CHAIN),
  'server/after-chain-grown': after('server/src/api/chains/append.ts', GROW_CHAIN),
  'server/invitation-spent': before('server/src/api/accounts/register-finish.ts', 'return {};'),
  'server/genesis-stored': before(
    'server/src/api/accounts/genesis.ts',
    'return { head: await chainHead(context, sha256(',
  ),
  'server/sign-up-complete': before('server/src/api/accounts/complete.ts', 'const { room } = await store.read('),
  'server/backup-copied': before('server/src/backup/backup.ts', 'const { schema, ca, incarnation } = databaseFacts('),
  'server/before-manifest': before('server/src/backup/backup.ts', 'writeDurably(join(target, MANIFEST)'),
  'client/before-apply': before('keybox-node/src/part.ts', 'guarded(() => all.immediate());'),
  'client/after-apply': after('keybox-node/src/part.ts', 'guarded(() => all.immediate());'),
  'client/before-rename': before('keybox-node/src/files.ts', 'renameSync(temporary, path);'),
  'client/after-rename': after('keybox-node/src/files.ts', 'renameSync(temporary, path);'),
  'client/before-send': before('keybox/src/request-channel.ts', 'this.#channel.send(request.encode('),
  'client/answer-came': before('keybox/src/request-channel.ts', 'this.#pending.delete(message.id);'),
  'client/records-taken': before('keybox/src/flush.ts', 'const taken = batch.slice(0, positions.length);'),
  'client/chain-appended': before('keybox/src/devices/own-chain.ts', 'if (isTaken) return refreshOwnChain(reader);'),
  'client/hashes-kept': before('keybox/src/files/upload.ts', 'const sealed: Uint8Array[] = [];'),
  'client/blob-there': after('keybox/src/files/upload.ts', 'await this.#finish(sent.hash);'),
  'client/download-whole': before('keybox-node/src/byte-files.ts', 'await writing(() => (replace ?'),
  'client/vault-made': before('keybox/src/sign-up.ts', 'const publication = new Publication('),
  'client/published': before('keybox/src/sign-up.ts', 'const session = await openSession(platform, storage,'),
  'client/device-admitted': before(
    'keybox/src/enrol/enrol-device.ts',
    'account = accountOf(enrolment, { way, device });',
  ),
  'client/room-restored': before('keybox/src/enrol/enrol-device.ts', 'await keepBundleKeys(way, session.keys);'),
  'client/unlock-keys-kept': before(
    'keybox/src/devices/passphrase-change.ts',
    'await session.care.forgetOfflineWrap();',
  ),
  'client/passphrase-sent': before(
    'keybox/src/devices/passphrase-change.ts',
    "await keys.apply([logKey(clock, { event: 'passphrase/changed' })]);",
  ),
  'agent/unlocked': before('agent/src/agent.ts', 'log.write(`unlocked '),
  'agent/called': before('agent/src/held-account.ts', 'const target = this.#area(area as AreaName)'),
  'agent/before-answer': before('agent/src/held-account.ts', 'if (!this.#isClosed) this.#upkeep.notice();'),
} as const satisfies Readonly<Record<string, CrashPoint>>;

export type CrashPointName = keyof typeof crashPoints;

export const crashPointNames: readonly CrashPointName[] = Object.keys(crashPoints) as CrashPointName[];

/** What puts all points into the sources. */
export const crashMutations: readonly Mutation[] = Object.entries<CrashPoint>(crashPoints).map(
  ([name, { file, line, side }]) => {
    const call = `globalThis.crashPoint('${name}');`;
    return { file, find: line, replace: side === 'before' ? `${call} ${line}` : `${line} ${call}` };
  },
);

/** The environment in which programs have the points; they kill at what the file at `path` names: NAME or NAME:COUNT. */
export function crashEnv(path: string): Readonly<Record<string, string>> {
  const hook = new URL('crash-hook.entry.ts', import.meta.url);
  return { SOTTO_CRASH_AT: `@${path}`, NODE_OPTIONS: `--import=${hook.href}` };
}
