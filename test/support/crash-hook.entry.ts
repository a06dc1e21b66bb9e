import { readFileSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { crashMutations } from './crash-points.ts';
import { mutate, mutationsOf } from './mutation.ts';

/**
 * Imported before a program (`node --import`), it puts all crash points into the sources while they are loaded.
 * SOTTO_CRASH_AT is NAME or NAME:COUNT, or `@` and a file that says so and is emptied when it is obeyed: at the COUNT-th
 * time at that point the process kills itself, with nothing finished or flushed.
 */
registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const own = url.startsWith('file:') ? mutationsOf(crashMutations, fileURLToPath(url)) : [];
    if (own.length === 0 || loaded.source == null) return loaded;
    const source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source);
    return { ...loaded, source: mutate(source, own) };
  },
});

const asked = process.env['SOTTO_CRASH_AT'] ?? '';
let armed = '';
let left = 0;

Object.defineProperty(globalThis, 'crashPoint', {
  value(reached: string): void {
    const text = asked.startsWith('@') ? readFileSync(asked.slice(1), 'utf8') : asked;
    const [name, count = '1'] = text.split(':');
    if (text !== armed) left = Number(count);
    armed = text;
    if (reached !== name || --left > 0) return;
    if (asked.startsWith('@')) writeFileSync(asked.slice(1), '');
    process.kill(process.pid, 'SIGKILL');
  },
});
