// What browsers and libraries have and no declaration of theirs says.
interface FileSystemFileHandle {
  /** In dedicated workers alone. */
  createSyncAccessHandle(): Promise<import('./storage/sync-file.ts').SyncFile>;
}

declare module '*.wasm?url' {
  /** Where the bundler put the file. */
  const url: string;
  export default url;
}

declare module '@journeyapps/wa-sqlite/dist/mc-wa-sqlite.mjs' {
  export default function createModule(options: { readonly locateFile: () => string }): Promise<unknown>;
}

declare module '@journeyapps/wa-sqlite/src/FacadeVFS.js' {
  export class FacadeVFS {
    constructor(name: string, module: object);
  }
}
