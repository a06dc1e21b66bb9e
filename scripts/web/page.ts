import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Gives every script and style that a page names its hash (Subresource Integrity). */
export function withIntegrity(html: string, folder: string): string {
  return html.replaceAll(/<(?:script|link)\b[^>]*?\b(?:src|href)="(\/assets\/[^"]+)"[^>]*>/g, (tag, path: string) => {
    if (!/<script|rel="(?:stylesheet|modulepreload)"/.test(tag)) return tag;
    const hash = createHash('sha384')
      .update(readFileSync(join(folder, path)))
      .digest('base64');
    return tag.replace(/>$/, ` integrity="sha384-${hash}">`);
  });
}

/** A page that holds its script and style itself, in the place of the script that it names. */
export function selfContained(
  html: string,
  { script, style }: { readonly script: string; readonly style: string },
): string {
  const ends = /<\/(?=script)|<!--/gi;
  const safe = script.replaceAll(ends, (end) => (end === '<!--' ? '<\\!--' : '<\\/'));
  const parts = `${style === '' ? '' : `<style>${style}</style>`}`;
  const without = html.replace(/\s*<script type="module" src="[^"]+"><\/script>/, '');
  if (without === html) throw new Error('a page without its script');
  return without
    .replace('</head>', () => `${parts}</head>`)
    .replace('</body>', () => `<script>${safe}</script></body>`);
}
