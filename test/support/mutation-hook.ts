import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { chosenMutations, mutate, mutationsOf } from './mutation.ts';

/** Imported before a program (`node --import`), it makes the mutations of the environment while sources are loaded. */
const mutations = chosenMutations();

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.startsWith('file:')) return loaded;
    const own = mutationsOf(mutations, fileURLToPath(url));
    if (own.length === 0 || loaded.source === undefined || loaded.source === null) return loaded;
    const source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source);
    return { ...loaded, source: mutate(source, own) };
  },
});
