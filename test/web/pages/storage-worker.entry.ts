import { base64url, parseBase64url } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import type { OpenPart, PartName, VaultFile } from '@sotto/keybox';
import { OpfsStorage } from '../../../packages/keybox-web/src/storage/opfs-storage.ts';

/** Storage alone, in a worker of its own, for what tests do to it. */
const parts = new Map<PartName, OpenPart>();

const lab = {
  async create(name: PartName): Promise<void> {
    parts.set(name, await (await storage()).createPart(name, key(1)));
    await part(name).apply([{ sql: 'CREATE TABLE note (n INTEGER PRIMARY KEY, text TEXT, blob BLOB)' }]);
  },

  async open(name: PartName, byte: number): Promise<string> {
    return codeOf(async () => void parts.set(name, await (await storage()).openPart(name, key(byte))));
  },

  async close(name: PartName): Promise<void> {
    await part(name).close();
    parts.delete(name);
  },

  /** Values that a careless binding changes. */
  async roundTrip(): Promise<readonly string[]> {
    const values = [
      '',
      'a\0b',
      '\ud83d\udd11 ключ',
      new Uint8Array(),
      Uint8Array.of(0, 1, 255),
      null,
      2 ** 40,
      -3,
      0.5,
    ];
    const wrong: string[] = [];
    for (const value of values) {
      const [row] = await part('keys').query<{ value: unknown }>('SELECT ? AS value', [value]);
      if (show(row?.value) !== show(value)) wrong.push(`${show(value)} became ${show(row?.value)}`);
    }
    return wrong;
  },

  async note(text: string, size: number): Promise<string> {
    const sql = 'INSERT INTO note (text, blob) VALUES (?, ?)';
    return codeOf(() => part('keys').apply([{ sql, parameters: [text, new Uint8Array(size)] }]));
  },

  async noteAndFail(): Promise<string> {
    const first = { sql: "INSERT INTO note (text) VALUES ('never')" };
    return codeOf(() => part('keys').apply([first, { sql: 'INSERT INTO missing VALUES (1)' }]));
  },

  async notes(): Promise<readonly string[]> {
    return (await part('keys').query<{ text: string }>('SELECT text FROM note ORDER BY n')).map(({ text }) => text);
  },

  reading: () => codeOf(() => lab.notes()),

  /** Writes for ever, and says what is acknowledged: the page is killed in the middle of it. */
  async writeOn(): Promise<void> {
    const said = new BroadcastChannel('acknowledged');
    for (let n = 1; ; n++) {
      const body = { sql: 'INSERT INTO note (text, blob) VALUES (?, ?)', parameters: [`n${n}`, new Uint8Array(5000)] };
      const twin = { sql: 'INSERT INTO note (text) VALUES (?)', parameters: [`m${n}`] };
      await part('keys').apply([body, twin]);
      await (await storage()).replace('account', new TextEncoder().encode(String(n)));
      said.postMessage(n);
    }
  },

  async bytes(name: PartName): Promise<string> {
    return base64url((await (await storage()).inspectPart(name)).raw);
  },

  async inspect(name: PartName): Promise<{ readonly withoutKey: boolean; readonly withWrongKey: boolean }> {
    const { opensWithoutKey, opensWithWrongKey } = await (await storage()).inspectPart(name);
    return { withoutKey: opensWithoutKey, withWrongKey: opensWithWrongKey };
  },

  /** Turns one bit of a part's file over, or of a small file's slot. */
  async damage(file: string, at: number): Promise<void> {
    const handle = await (await directory()).getFileHandle(file);
    const access = await handle.createSyncAccessHandle();
    const byte = new Uint8Array(1);
    access.read(byte, { at });
    byte[0] = (byte[0] ?? 0) ^ 1;
    access.write(byte, { at });
    access.flush();
    access.close();
  },

  async sizeOf(file: string): Promise<number> {
    return (await (await (await directory()).getFileHandle(file)).getFile()).size;
  },

  async read(file: VaultFile): Promise<string | null> {
    const content = await (await storage()).read(file);
    return content === null ? null : new TextDecoder().decode(content);
  },

  replace: (file: VaultFile, text: string) =>
    codeOf(async () => (await storage()).replace(file, new TextEncoder().encode(text))),
  remove: async (file: VaultFile) => (await storage()).remove(file),
  erase: async () => (await storage()).erase(parseBase64url('AQ')),

  async files(): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const name of (await directory()).keys()) names.push(name);
    return names.sort();
  },
};

let made: OpfsStorage | null = null;

async function storage(): Promise<OpfsStorage> {
  made ??= new OpfsStorage(await navigator.storage.getDirectory(), 'vault');
  return made;
}

async function directory(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle('vault');
}

function part(name: PartName): OpenPart {
  const open = parts.get(name);
  if (open === undefined) throw new Error(`${name} is not open`);
  return open;
}

function key(byte: number): Secret {
  return new Secret(new Uint8Array(32).fill(byte));
}

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return 'done';
  } catch (cause) {
    return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  }
}

function show(value: unknown): string {
  return value instanceof Uint8Array ? `bytes ${[...value]}` : JSON.stringify(value);
}

addEventListener('message', ({ data }: MessageEvent<{ id: number; method: keyof typeof lab; input: never[] }>) => {
  const work = lab[data.method] as (...input: never[]) => Promise<unknown>;
  work(...data.input).then(
    (value) => postMessage({ id: data.id, value }),
    (cause: unknown) => postMessage({ id: data.id, fault: String(cause) }),
  );
});
