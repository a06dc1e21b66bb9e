import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { leanSqlite } from '../../scripts/web/lean-sqlite.ts';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), withoutEval()],
  worker: { format: 'es', plugins: () => [withoutEval(), leanSqlite()] },
  build: {
    target: 'es2024',
    // The content security policy allows no inline script, and every browser that is good enough preloads by itself.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});

/** zod asks whether it may compile its checks by `new Function`: a policy that forbids it reports even the question. */
function withoutEval(): Plugin {
  return {
    name: 'without-eval',
    transform(code, id) {
      if (!/\/zod\/v4\/core\/core\.js$/.test(id)) return null;
      const altered = code.replace('__zod_globalConfig = {}', '__zod_globalConfig = { jitless: true }');
      if (altered === code) throw new Error('zod keeps its settings somewhere else now');
      return altered;
    },
  };
}
