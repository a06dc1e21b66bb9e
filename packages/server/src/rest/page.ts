import { hex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { RestOptions } from './app.ts';
import { style } from './style.ts';

type PageOptions = Pick<RestOptions, 'cluster'>;

/** The page for people who open the server's address or an invitation in a browser: no script, nothing from elsewhere. */
export function pageRoutes(app: FastifyInstance, { cluster }: PageOptions): void {
  const fingerprint = hex(cluster.caFingerprint);
  const home = document(`Sotto at ${cluster.domain}`, homePage(cluster.domain, fingerprint));
  const invitation = document(`Invitation to ${cluster.domain}`, invitationPage(cluster.domain));
  app.get('/', { schema: { hide: true } }, async (_request, reply) => sendPage(reply, home));
  app.get('/i/:code', { schema: { hide: true } }, async (_request, reply) => sendPage(reply, invitation));
}

function sendPage(reply: FastifyReply, html: string): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', PAGE_POLICY)
    .serializer(String)
    .send(html);
}

function homePage(domain: string, fingerprint: string): string {
  return `
<h1>This is the home server of <b>${domain}</b></h1>
<p class="lead">Sotto carries conversations that nobody but the people in them can read. This server stores and forwards
what their devices have sealed; it holds no key to any of it.</p>
<section>
  <h2>You have an invitation</h2>
  <p>Open the link that you were given: its page says how to go on.</p>
</section>
<section>
  <h2>You have an account</h2>
  <p>Use it from the command line, in your copy of Sotto:</p>
  ${command('bin/sotto room list', "bin/sotto message send NAME@DOMAIN 'Hello'".replace('DOMAIN', domain))}
</section>
<section>
  <h2>You run this server</h2>
  <p>The first start prints an invitation for the owner, and every start does until it is used. Owners and
  administrators invite others:</p>
  ${command('bin/sotto invitation create --count 3')}
</section>
<section class="quiet">
  <h2>Fingerprint of this server</h2>
  <p>Every invitation carries it. If yours shows another, do not use it.</p>
  <p class="fingerprint">${groups(fingerprint)}</p>
</section>`;
}

function invitationPage(domain: string): string {
  return `
<h1>You are invited to <b>${domain}</b></h1>
<p class="lead">Sotto carries conversations that nobody but the people in them can read. Your keys are made on your own
device and stay there.</p>
<section>
  <h2><span class="step">1</span> Copy the link in your address bar</h2>
  <p>The whole link, with everything after <code>#</code>: that part proves which server you speak to, and your browser
  does not send it.</p>
</section>
<section>
  <h2><span class="step">2</span> Create your account</h2>
  <p>In your copy of Sotto, with the link in place of URL and a name of your choice:</p>
  ${command("bin/sotto account create NAME --invitation 'URL'")}
  <p>You will be asked for a passphrase. It is never sent, and nobody can reset it for you: choose one that you will
  remember.</p>
</section>
<section>
  <h2><span class="step">3</span> Say hello</h2>
  ${command(`bin/sotto contact add SOMEBODY@${domain}`, `bin/sotto message send SOMEBODY@${domain} 'Hello'`)}
</section>
<section class="quiet">
  <p>No copy of Sotto yet? Whoever invited you knows where to get it. A link is good for one account and for a week; if
  it does not work any more, ask for another one.</p>
</section>`;
}

/** Commands to copy, each a line of its own; on a narrow page a line breaks between words alone. */
function command(...lines: readonly string[]): string {
  const words = (line: string) => line.replaceAll("'", '&#39;').replaceAll(/\S+/g, '<span>$&</span>');
  return `<pre tabindex="0">${lines.map((line) => `<code>${words(line)}</code>`).join('')}</pre>`;
}

/** In groups, as people read them to each other. */
function groups(fingerprint: string): string {
  return (fingerprint.match(/.{4}/g) ?? []).map((group) => `<span>${group}</span>`).join(' ');
}

function document(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<header><p class="mark">sotto</p></header>
<main>${body}
</main>
</body>
</html>
`;
}

const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${Buffer.from(sha256(Buffer.from(style))).toString('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
