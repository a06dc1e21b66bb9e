import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A foreign program that tests talk with, and the Debian packages that bring it. */
interface Peer {
  readonly binary: string;
  readonly debianPackage: string;
  /** Of a library that tests build a program with: by what it is seen to be there. */
  readonly file?: string;
  /** What it merely recommends, and is needed here. */
  readonly beside?: readonly string[];
}

/** The one list of them. */
const testPeers: readonly Peer[] = [
  { binary: 'chromium', debianPackage: 'chromium' },
  { binary: 'firefox-esr', debianPackage: 'firefox-esr' },
  { binary: 'gcc', debianPackage: 'gcc libc6-dev' },
  { binary: 'libbzrtp', file: '/usr/include/bzrtp/bzrtp.h', debianPackage: 'libbzrtp-dev', beside: ['libsqlite3-dev'] },
  { binary: 'libsrtp2', file: '/usr/include/srtp2/srtp.h', debianPackage: 'libsrtp2-dev' },
  { binary: 'linphonec', debianPackage: 'linphone-cli' },
  { binary: 'openssl', debianPackage: 'openssl' },
  { binary: 'postgres', debianPackage: 'postgresql' },
  { binary: 'memcached', debianPackage: 'memcached' },
  { binary: 'spin', debianPackage: 'spin' },
  { binary: 'sqlcipher', debianPackage: 'sqlcipher' },
  { binary: 'swift-account-server', debianPackage: 'swift-account' },
  { binary: 'swift-container-server', debianPackage: 'swift-container' },
  { binary: 'swift-object-server', debianPackage: 'swift-object' },
  { binary: 'swift-proxy-server', debianPackage: 'swift-proxy' },
];

/** What only benches run. */
const benchPeers: readonly Peer[] = [
  { binary: 'age', debianPackage: 'age' },
  { binary: 'gpg', debianPackage: 'gnupg' },
  { binary: 'prosody', debianPackage: 'prosody', beside: ['lua-dbi-sqlite3', 'lua-dbi-postgresql'] },
];

/** The Debian package of each program that tests or benches run. */
export const programPackages: ReadonlyMap<string, string> = new Map(
  [...testPeers, ...benchPeers].map(({ binary, debianPackage }) => [binary, debianPackage]),
);

/** As `installPeers`, for some of the programs. */
export function installPrograms(binaries: readonly string[]): readonly string[] {
  return installPeers([...testPeers, ...benchPeers].filter(({ binary }) => binaries.includes(binary)));
}

/**
 * Installs the peers that are missing where that is possible without asking: as root on Debian. Returns the names
 * of the binaries that are missing still.
 */
export function installPeers(peers: readonly Peer[] = testPeers): readonly string[] {
  const missing = missingPeers(peers);
  if (missing.length === 0) return [];
  const packages = missing.flatMap(({ debianPackage, beside = [] }) => [debianPackage, ...beside]);
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.log(`Installing ${packages.join(', ')} ...`);
    apt('update');
    apt('install', '-y', '--no-install-recommends', ...packages);
  } else {
    console.log(`Some programs are missing. On Debian:\n  apt-get install ${packages.join(' ')}`);
  }
  return missingPeers(peers).map((peer) => peer.binary);
}

function missingPeers(peers: readonly Peer[]): readonly Peer[] {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin', ...postgresFolders()];
  return peers.filter(({ binary, file }) =>
    file === undefined ? !folders.some((folder) => isExecutable(join(folder, binary))) : !existsSync(file),
  );
}

/** Debian keeps the programs of each version in a folder of its own. */
function postgresFolders(): readonly string[] {
  const folder = '/usr/lib/postgresql';
  return existsSync(folder) ? readdirSync(folder).map((version) => join(folder, version, 'bin')) : [];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

/** Runs apt-get; a failure is reported, not thrown, since most tests can run without the peers. */
function apt(...words: readonly string[]): void {
  const { status } = spawnSync('apt-get', ['-qq', ...words], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0) console.log(`apt-get ${words[0]} failed`);
}
