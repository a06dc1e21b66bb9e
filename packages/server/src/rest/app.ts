import type { IncomingMessage, Server } from 'node:http';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { BlobDoor } from '../blobs/blob-http.ts';
import type { Cluster } from '../cluster.ts';
import { errorFacts, type Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Store } from '../store/store.ts';
import type { TokenBuckets } from '../throttle/token-bucket.ts';
import type { WebClient } from '../web/client.ts';
import { webRoutes } from '../web/routes.ts';
import { setSecurityHeaders } from './headers.ts';
import { healthRoutes } from './health.ts';
import { invitationRoutes } from './invitations.ts';
import { noClientRoutes } from './no-client.ts';
import { type ProblemCode, ProblemError, problem } from './problem.ts';

export interface RestOptions {
  readonly store: Store;
  readonly cluster: Cluster;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly invitationLooks: TokenBuckets;
  /** Whether browsers reach this server by https. */
  readonly isTls: boolean;
  readonly version: string;
  /** Null for a server without one. */
  readonly webClient: WebClient | null;
  /** The origins under which browsers reach this server. */
  readonly origins: ReadonlySet<string>;
  sourceOf(request: IncomingMessage): string;
  /** A request of the machine itself that came through no proxy. */
  isLocal(request: IncomingMessage): boolean;
  isStopping(): boolean;
  /** Answers what is about blobs; false for everything else. */
  readonly blobDoor: BlobDoor;
  now(): number;
}

/** The REST face (`/v1`) and the web client, on a server that the listener made. */
export async function createRest(server: Server, options: RestOptions): Promise<FastifyInstance> {
  const { blobDoor } = options;
  const app = Fastify({
    serverFactory: (handler) =>
      server.on('request', (request, response) => blobDoor(request, response) || handler(request, response)),
    forceCloseConnections: 'idle',
    bodyLimit: MAX_BODY_BYTES,
    routerOptions: { maxParamLength: 64 },
    exposeHeadRoutes: true,
    // What the router itself refuses passes by hooks and handlers.
    frameworkErrors: (error, _request, reply) => {
      setSecurityHeaders(reply, options);
      sendProblem(reply, codeOf(error, options.logger));
    },
  }) as unknown as FastifyInstance;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.addHook('onRequest', async (_request, reply) => setSecurityHeaders(reply, options));
  app.setNotFoundHandler(() => {
    throw new ProblemError('not-found');
  });
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const wait = error instanceof ProblemError ? error.retryAfterSeconds : null;
    if (wait !== null) reply.header('retry-after', String(wait));
    return sendProblem(reply, codeOf(error, options.logger));
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Sotto home server', version: options.version, description: DESCRIPTION },
    },
    transform: jsonSchemaTransform,
  });
  healthRoutes(app, options);
  invitationRoutes(app, options);
  app.get('/v1/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  const { webClient, origins, cluster } = options;
  if (webClient === null) noClientRoutes(app, cluster.domain);
  else webRoutes(app, { client: webClient, origins });
  await app.ready();
  return app;
}

function sendProblem(reply: FastifyReply, code: ProblemCode): FastifyReply {
  const { status, body } = problem(code);
  return reply.status(status).type('application/problem+json').serializer(String).send(body);
}

function codeOf(error: FastifyError | ProblemError, logger: Logger): ProblemCode {
  if (error instanceof ProblemError) return error.problemCode;
  if (error.code === 'unavailable') return 'unavailable';
  if (error.statusCode === 413) return 'body-too-large';
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) return 'request-malformed';
  logger.error('rest-failed', errorFacts(error));
  return 'server-error';
}

const DESCRIPTION = 'Health, metrics and invitation look-up. Everything else is asked inside the secure channel.';
const MAX_BODY_BYTES = 1024;
