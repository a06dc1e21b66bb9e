import { sha256 } from '@sotto/crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** What people see who open the address of a server that has no web client: that it is so, without script. */
export function noClientRoutes(app: FastifyInstance, domain: string): void {
  const html = page(domain);
  const answer = async (_request: unknown, reply: FastifyReply) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', POLICY).serializer(String).send(html);
  app.get('/', { schema: { hide: true } }, answer);
  app.get('/i/:code', { schema: { hide: true } }, answer);
}

function page(domain: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>Sotto at ${domain}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>The home server of <b>${domain}</b></h1>
<p>This server serves no web client. Use Sotto from the command line: with an invitation, copy the whole link from your
address bar, with everything after <code>#</code>, and give it to</p>
<pre tabindex="0"><code>bin/sotto account create NAME --invitation 'LINK'</code></pre>
</main>
</body>
</html>
`;
}

const STYLE = `
body { font: 1rem/1.6 system-ui, sans-serif; margin: 0; padding: 2rem 1rem }
main { max-width: 36rem; margin: 0 auto }
h1 { font-size: 1.5rem; font-weight: 600; line-height: 1.3 }
pre { overflow: auto; padding: 1rem; border: 1px solid }
`;

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${Buffer.from(sha256(Buffer.from(STYLE))).toString('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
