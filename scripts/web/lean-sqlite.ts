import type { Plugin } from 'vite';

/**
 * SQLite's module comes with a file system in memory, functions of C that nobody here calls, and hooks. Vaults have their
 * own files: what would reach that file system is refused as a call that the system does not have. Throws when the
 * module is another than this knows.
 */
export function leanSqlite(): Plugin {
  return {
    name: 'lean-sqlite',
    transform(code, id) {
      return id.endsWith('/mc-wa-sqlite.mjs') ? { code: lean(code), map: null } : null;
    },
  };
}

function lean(code: string): string {
  const from = place(code, 'var PATH={isAbs');
  const to = place(code, 'var SYSCALLS={');
  const files = code.slice(from, to);
  const helpers = HELPERS.map(([name, next]) => between(files, `var ${name}=`, `var ${next}=`));
  const without = `${code.slice(0, from)}${helpers.join('')}${NO_FILES}${code.slice(to)}`;
  return withoutUncalled(without.replace(between(without, 'MEMFS.doesNotExistError=', 'adapters_support();'), ''));
}

/** Of the functions of C those that are named somewhere else, here or in what calls the module. */
function withoutUncalled(code: string): string {
  const definitions = /var (_\w+)=Module\["\1"\]=wasmExports\["\w+"\];/g;
  const elsewhere = new Set(code.replaceAll(definitions, '').match(/\w+/g));
  return code.replaceAll(definitions, (definition, name: string) =>
    elsewhere.has(name) || elsewhere.has(name.slice(1)) || CALLED.test(name) ? definition : '',
  );
}

function between(code: string, from: string, to: string): string {
  const start = place(code, from);
  return code.slice(start, start + place(code.slice(start), to));
}

function place(code: string, text: string): number {
  const at = code.indexOf(text);
  if (at < 0) throw new Error(`the module of SQLite has no ${text} any more: look at scripts/web/lean-sqlite.ts`);
  return at;
}

/** What stands among the files and is needed without them, and what comes next. */
const HELPERS: readonly (readonly [name: string, next: string])[] = [
  ['initRandomFill', 'randomFill'],
  ['randomFill', 'PATH_FS'],
  ['lengthBytesUTF8', 'stringToUTF8Array'],
  ['stringToUTF8Array', 'intArrayFromString'],
  ['intArrayFromString', 'FS_stdin_getChar'],
  ['alignMemory', 'mmapAlloc'],
];

/** Every call ends as ENOSYS. */
const NO_FILES = `var PATH={isAbs:()=>true};var TTY={init(){}};var preloadPlugins,FS_createPreloadedFile;
var FS=new Proxy({initialized:true},{get(own,name){if(name in own)return own[name];if(name==="staticInit")return()=>{};
return function(){throw{name:"ErrnoError",errno:52}}}});`;

/** By packages/keybox-web/src/storage and the library's class of file systems. */
const CALLED =
  /^_(?:getSqliteFree|getTempRet0|sqlite3mc_vfs_create|sqlite3_(?:malloc|free|open_v2|close_v2|extended_errcode|errmsg|get_autocommit|prepare_v2|bind_\w+|step|reset|clear_bindings|finalize|column_\w+))$/;
