import { run } from './program.ts';

// Whatever the server writes is for its own user alone, whatever the folder it was given lets others do.
process.umask(0o077);
process.exitCode = await run(process.argv.slice(2));
