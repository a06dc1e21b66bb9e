import type { KeyBox, SearchFilter, SearchHit, SearchResult } from '@sotto/keybox';
import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { CliFault } from '../fault.ts';
import type { SearchFlags } from '../routes/search.ts';
import { printableLine, type Style, when } from '../terminal.ts';
import { isoTime } from './views.ts';
import { addressOf } from './words.ts';

export async function search({ output, ...run }: Run, flags: SearchFlags, text?: string): Promise<void> {
  if (flags.coverage) return showCoverage({ output, ...run }, flags, text);
  if (text === undefined) throw new CliFault('usage', 'say what to find');
  const after = flags.after === undefined ? undefined : dayOf(flags.after);
  await withAccount({ output, ...run }, 'wanted', async (box) => {
    const result = await box.search.find(text, await filterOf(box, flags, after));
    const { hits } = result;
    if (output.json) return output.list(hits.map(hitJson), String);
    const names = new Map((await box.listRooms()).map(({ id, name }) => [id, name]));
    if (hits.length > 0) {
      output.list(hits, () => hits.map((hit) => hitText(hit, names.get(hit.room), output.style)).join('\n'));
    }
    output.note(courseOf(result));
  });
}

async function showCoverage(run: Run, { room, from, after, limit }: SearchFlags, text?: string): Promise<void> {
  if ([text, room, from, after, limit].some((each) => each !== undefined)) {
    throw new CliFault('usage', '--coverage stands alone');
  }
  await withAccount(run, 'wanted', async (box) => {
    const coverage = await box.search.coverage();
    run.output.value(coverage, () => coverageText(coverage));
  });
}

async function filterOf(box: KeyBox, flags: SearchFlags, after: number | undefined): Promise<SearchFilter> {
  const { room, from, limit } = flags;
  return {
    ...(room === undefined ? {} : { room: (await box.findRoom(room)).id }),
    ...(from === undefined ? {} : { author: addressOf(from) }),
    ...(after === undefined ? {} : { after }),
    ...(limit === undefined ? {} : { limit }),
  };
}

/** A day begins at this machine's midnight. */
function dayOf(word: string): number {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(word);
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?$/.test(word);
  const at = isDay ? Date.parse(`${word}T00:00:00`) : isTime ? Date.parse(word) : Number.NaN;
  if (Number.isNaN(at)) throw new CliFault('usage', 'a date is written 2026-01-31, or with a time 2026-01-31T09:30');
  return at;
}

function hitJson({ kind, room, id, n, author, at, file, snippet, marks }: SearchHit): object {
  return { kind, room, id, n, author, at: isoTime(at), file, snippet, marks };
}

function hitText(hit: SearchHit, room: string | undefined, style: Style): string {
  const head = [
    style('dim', hit.n === null ? '-' : String(hit.n)),
    when(hit.at),
    style('bold', printableLine(hit.author)),
    style('cyan', printableLine(room ?? hit.room.slice(0, 8))),
    style('dim', (hit.file?.id ?? hit.id).slice(0, 8)),
    hit.file === null ? '' : printableLine(hit.file.name),
  ].filter((part) => part !== '');
  return `${head.join('  ')}\n    ${marked(hit, style)}`;
}

function marked({ snippet, marks }: SearchHit, style: Style): string {
  let at = 0;
  const pieces: string[] = [];
  for (const [from, to] of marks) {
    pieces.push(printableLine(snippet.slice(at, from)), style('yellow', printableLine(snippet.slice(from, to))));
    at = to;
  }
  return [...pieces, printableLine(snippet.slice(at))].join('');
}

function courseOf({ hits, more, coverage }: SearchResult): string {
  const found = hits.length === 0 ? 'Nothing found.' : more ? `The best ${hits.length}; --limit shows more.` : '';
  return [found, coverageText(coverage)].filter((part) => part !== '').join(' ');
}

function coverageText({ indexed, total, toFetch }: SearchResult['coverage']): string {
  const covered = indexed === total ? `Searched all ${total} messages` : `Searched ${indexed} of ${total} messages`;
  const unread = indexed === total ? '' : `, ${total - indexed} cannot be read here yet`;
  const fetched = toFetch === 0 ? '' : `, ${toFetch} older entries are still to be fetched`;
  return `${covered}${unread}${fetched}.`;
}
