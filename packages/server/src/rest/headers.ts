import type { FastifyReply } from 'fastify';

/** On every answer: nothing of ours is framed, sniffed, kept by caches or told to other sites. */
export function setSecurityHeaders(reply: FastifyReply, { isTls }: { readonly isTls: boolean }): void {
  reply.headers(HEADERS);
  if (isTls) reply.header('strict-transport-security', 'max-age=63072000');
}

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), browsing-topics=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};
