import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hex } from '@sotto/bytes';
import { nodePrimitives } from '@sotto/crypto/node';
import { build, type InlineConfig, type Rolldown } from 'vite';
import manifest from '../packages/web/package.json' with { type: 'json' };
import { selfContained, withIntegrity } from './web/page.ts';
import { writeRelease } from './web/release.ts';
import { releaseKey } from './web/release-key.ts';

/** Builds and signs the web client, unless that of `packages/web/dist` is newer than everything it is made of. */
export async function ensureWebClient({ anew = false }: { readonly anew?: boolean } = {}): Promise<void> {
  if (!anew && isFresh()) return;
  const start = performance.now();
  process.stderr.write('Building the web client ... ');
  await buildWebClient();
  process.stderr.write(`${((performance.now() - start) / 1000).toFixed(1)} s\n`);
}

/** Beside, then swapped in: a server that starts meanwhile finds one release or the other. */
async function buildWebClient(): Promise<void> {
  const stage = join(web, `.release/stage-${process.pid}`);
  const key = releaseKey();
  const publicKey = hex(await nodePrimitives().ed25519.publicKey(key));
  rmSync(stage, { recursive: true, force: true });
  try {
    await build(config({ build: { outDir: stage, emptyOutDir: true } }));
    const { script } = await bundle('src/service-worker/main.ts', { RELEASE_KEY: JSON.stringify(publicKey) });
    writeFileSync(join(stage, 'service-worker.js'), script);
    writePage(stage, 'index.html', withIntegrity(readFileSync(join(stage, 'index.html'), 'utf8'), stage));
    const preview = await bundle('src/preview/main.ts', {});
    writePage(stage, 'preview.html', selfContained(readFileSync(join(web, 'preview.html'), 'utf8'), preview));
    await writeRelease({ folder: stage, before: dist, key, version: manifest.version, at: releaseTime() });
    swapIn(stage);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** One classic script of everything that an entry needs, for places where a module or a second request cannot be. */
async function bundle(entry: string, define: Readonly<Record<string, string>>): Promise<Bundle> {
  const input = join(web, entry);
  const output = { format: 'iife', codeSplitting: false, entryFileNames: 'bundle.js' } as const;
  const built = await build(
    config({
      // A classic script has no address of its own; what asks for it here does so under Node alone.
      define: { ...define, 'import.meta.url': '""' },
      publicDir: false,
      // A page without an origin starts no worker that is a module.
      worker: { format: 'iife' },
      build: { write: false, modulePreload: false, cssCodeSplit: false, rolldownOptions: { input, output } },
    }),
  );
  const parts = (built as Rolldown.RolldownOutput).output;
  const script = parts.flatMap((part) => (part.type === 'chunk' ? [part.code] : []));
  const style = parts.flatMap((part) => (part.type === 'asset' && part.fileName.endsWith('.css') ? [part.source] : []));
  if (script.length !== 1 || parts.length > 2) throw new Error(`${entry} cannot stand in one file`);
  return { script: script.join(''), style: style.join('') };
}

interface Bundle {
  readonly script: string;
  readonly style: string;
}

function config(own: InlineConfig): InlineConfig {
  return { ...own, root: web, configFile: join(web, 'vite.config.ts'), logLevel: 'error', clearScreen: false };
}

function writePage(folder: string, name: string, html: string): void {
  writeFileSync(join(folder, name), html);
}

function swapIn(stage: string): void {
  const old = `${stage}-old`;
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(stage, dist);
  rmSync(old, { recursive: true, force: true });
}

/** SOURCE_DATE_EPOCH, in seconds, makes the same release of the same sources again. */
function releaseTime(): number {
  const seconds = process.env['SOURCE_DATE_EPOCH'];
  return seconds === undefined ? Date.now() : Number(seconds) * 1000;
}

function isFresh(): boolean {
  const built = statSync(join(dist, 'release.cbor'), { throwIfNoEntry: false });
  if (built === undefined) return false;
  return sources().every((path) => statSync(path).mtimeMs < built.mtimeMs);
}

/** Everything that the client is built of. */
function sources(): readonly string[] {
  const folders = ['bytes', 'crypto', 'keybox', 'keybox-web', 'pki', 'protocol', 'transparency', 'web'];
  const all = ['package-lock.json', 'scripts/build.ts', ...folders.map((name) => `packages/${name}/package.json`)];
  const within = [...folders.map((name) => `packages/${name}/src`), 'packages/web/public', 'scripts/web'];
  const pages = ['packages/web/index.html', 'packages/web/preview.html', 'packages/web/vite.config.ts'];
  return [...all, ...pages, ...within.flatMap(listFiles)].map((path) => join(root, path));
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(?:test|fixture)\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length));
}

const root = fileURLToPath(new URL('..', import.meta.url));
const web = join(root, 'packages/web');
const dist = join(web, 'dist');
mkdirSync(join(web, '.release'), { recursive: true, mode: 0o700 });

if (import.meta.main) await ensureWebClient({ anew: process.argv.includes('--anew') });
