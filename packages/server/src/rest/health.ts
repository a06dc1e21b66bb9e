import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { RestOptions } from './app.ts';
import { ProblemError, problemResponse } from './problem.ts';

type HealthOptions = Pick<RestOptions, 'store' | 'metrics' | 'isStopping' | 'isLocal'>;

/** What supervisors and monitoring ask. */
export function healthRoutes(app: FastifyInstance, { store, metrics, isStopping, isLocal }: HealthOptions): void {
  const ok = z.object({ status: z.literal('ok') });

  app.get(
    '/v1/health',
    { schema: { summary: 'The process runs', response: { 200: ok } } },
    async () => ({ status: 'ok' }) as const,
  );

  app.get(
    '/v1/ready',
    {
      schema: {
        summary: 'The server takes requests and its store answers',
        response: { 200: ok, 503: problemResponse },
      },
    },
    async () => {
      if (isStopping()) throw new ProblemError('stopping');
      await store.read((database) => database.selectFrom('cluster').select('id').executeTakeFirstOrThrow());
      return { status: 'ok' } as const;
    },
  );

  app.get(
    '/v1/metrics',
    {
      schema: {
        summary: "Counters in Prometheus' text format, for this machine alone",
        produces: ['text/plain'],
        response: { 200: z.string(), 403: problemResponse },
      },
    },
    async (request, reply) => {
      if (!isLocal(request.raw)) throw new ProblemError('not-authorised');
      return reply
        .type(metrics.contentType)
        .serializer(String)
        .send(await metrics.expose());
    },
  );
}
