import { hex, utf8 } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { CHANNEL_PATH } from '../listeners/upgrade.ts';
import type { RestOptions } from './app.ts';
import { ProblemError, problemResponse } from './problem.ts';

type InvitationOptions = Pick<RestOptions, 'store' | 'cluster' | 'invitationLooks' | 'sourceOf' | 'now'>;

/** What someone who was given a link may ask before signing up. */
export function invitationRoutes(app: FastifyInstance, options: InvitationOptions): void {
  const { invitationLooks, sourceOf } = options;
  app.withTypeProvider<ZodTypeProvider>().get(
    '/v1/invitations/:code',
    {
      schema: {
        summary: 'The state of an invitation',
        params: z.object({ code: z.string().regex(/^[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{26}$/) }),
        response: { 200: invitation, 400: problemResponse, 404: problemResponse, 429: problemResponse },
      },
    },
    async (request) => {
      const wait = invitationLooks.take(sourceOf(request.raw));
      if (wait > 0) throw new ProblemError('throttled', wait);
      return await lookUp(options, request.params.code.toUpperCase());
    },
  );
}

async function lookUp({ store, cluster, now }: InvitationOptions, code: string): Promise<Invitation> {
  const row = await store.read((database) =>
    database
      .selectFrom('invitations')
      .select(['expires_at', 'account_id', 'used_at'])
      .where('code_hash', '=', sha256(utf8(code)))
      .executeTakeFirst(),
  );
  if (row === undefined) throw new ProblemError('invitation-unknown');
  return {
    state: stateOf(row, now()),
    domain: cluster.domain,
    expiresAt: new Date(row.expires_at).toISOString(),
    caFingerprint: hex(cluster.caFingerprint),
    channel: CHANNEL_PATH,
  };
}

function stateOf(row: InvitationRow, now: number): Invitation['state'] {
  if (row.used_at !== null) return 'used';
  if (row.expires_at <= now) return 'expired';
  return row.account_id === null ? 'open' : 'reserved';
}

interface InvitationRow {
  readonly expires_at: number;
  readonly account_id: number | null;
  readonly used_at: number | null;
}

type Invitation = z.infer<typeof invitation>;

const invitation = z.object({
  state: z.enum(['open', 'reserved', 'used', 'expired']).meta({
    description: '`reserved`: a sign-up by it is under way',
  }),
  domain: z.string(),
  expiresAt: z.iso.datetime(),
  caFingerprint: z.string().meta({ description: 'SHA-256 of the CA certificate; compare it with the link' }),
  channel: z.string().meta({ description: 'Path of the WebSocket that carries the secure channel' }),
});
