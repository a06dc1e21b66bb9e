import { PREVIEW_PATH } from '@sotto/protocol';
import { INDEX_PATH } from './kept-release.ts';
import { noticePage } from './notice-page.ts';
import { Refused, Unreachable } from './refused.ts';
import type { Releases } from './releases.ts';

/** What a page gets for a request to its own origin: out of the release in use, or a refusal. */
export async function answerFromRelease(request: Request, releases: Releases): Promise<Response> {
  const isPage = request.mode === 'navigate';
  try {
    return await fromRelease(request, releases, isPage);
  } catch (error) {
    if (error instanceof Refused) await releases.refuse(error.refusal);
    const code = error instanceof Refused ? error.refusal.code : 'release-unreachable';
    return isPage ? noticePage(code) : Response.error();
  }
}

async function fromRelease(request: Request, releases: Releases, isPage: boolean): Promise<Response> {
  const { pathname } = new URL(request.url);
  // A browser that is short of space may have thrown everything away.
  if ((await releases.state()).current === null) await releases.install();
  const asset = await releases.find(isPage && !FRAMED.has(pathname) ? INDEX_PATH : pathname);
  if (asset !== null) return asset;
  // What was deleted this very moment is no list that a file could be missing in.
  if ((await releases.state()).current === null) throw new Unreachable();
  if (RUN.has(request.destination)) throw new Refused('asset-unlisted', { path: pathname });
  return new Response(null, { status: 404 });
}

/** Pages of their own. */
const FRAMED: ReadonlySet<string> = new Set([PREVIEW_PATH]);

/** What would run or be drawn with; the rest is merely not there. */
const RUN: ReadonlySet<string> = new Set(['script', 'style', 'worker', 'sharedworker', 'iframe', 'font']);
