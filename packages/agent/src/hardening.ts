import koffi from 'koffi';

/** No core dump of this process, and no debugger of the same user attaches to it (prctl(2), setrlimit(2)). */
export function forbidDumps(): void {
  const libc = koffi.load(null);
  libc.func('int setrlimit(int, void *)')(RLIMIT_CORE, new BigUint64Array(2));
  if (process.platform === 'linux') {
    libc.func('int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)')(
      PR_SET_DUMPABLE,
      0,
      0,
      0,
      0,
    );
  }
}

const RLIMIT_CORE = 4;
const PR_SET_DUMPABLE = 4;
