/** What is shown when there is no page to show: nothing of it comes from the server. */
export function noticePage(code: string): Response {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };
  return new Response(page(code), { status: 503, headers });
}

function page(code: string): string {
  const german = navigator.language.startsWith('de');
  const { title, refused, unreachable, safe } = german ? words.de : words.en;
  return `<!doctype html>
<html lang="${german ? 'de' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sotto</title>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${code === 'release-unreachable' ? unreachable : refused}</p>
<p>${safe}</p>
<p><code>${code}</code></p>
</main>
</body>
</html>
`;
}

const words = {
  en: {
    title: 'Sotto cannot be opened just now',
    refused:
      'The browser has thrown away its copy of Sotto, and what the server offers in its place is not what its makers signed. It was refused. Tell the people who run your server.',
    unreachable: 'The browser has thrown away its copy of Sotto, and the server cannot be reached. Try again later.',
    safe: 'Your keys and messages are encrypted in this browser and were not touched.',
  },
  de: {
    title: 'Sotto kann gerade nicht geöffnet werden',
    refused:
      'Der Browser hat seine Kopie von Sotto weggeworfen, und was der Server stattdessen anbietet, ist nicht das, was unterschrieben wurde. Es wurde abgelehnt. Sagen Sie es denen, die Ihren Server betreiben.',
    unreachable:
      'Der Browser hat seine Kopie von Sotto weggeworfen, und der Server ist nicht erreichbar. Versuchen Sie es später.',
    safe: 'Ihre Schlüssel und Nachrichten liegen verschlüsselt in diesem Browser und wurden nicht angerührt.',
  },
};
