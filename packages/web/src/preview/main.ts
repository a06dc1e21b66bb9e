import './preview.css';

/** What the page that holds this one hands in: a file as its sender sent it. */
export interface FileToShow {
  readonly content: Blob;
  /** For those who cannot see it. */
  readonly name: string;
}

// This page has an origin of its own, no network and no storage: whatever a file does here, it does to nobody.
addEventListener('message', ({ source, data }: MessageEvent<FileToShow>) => {
  if (source === parent) void show(data);
});

async function show({ content, name }: FileToShow): Promise<void> {
  const element = content.type.startsWith('image/') ? pictureOf(content, name) : await textOf(content);
  document.getElementById('content')?.replaceChildren(element);
}

function pictureOf(content: Blob, name: string): HTMLElement {
  const picture = new Image();
  picture.alt = name;
  picture.src = URL.createObjectURL(content);
  return picture;
}

async function textOf(content: Blob): Promise<HTMLElement> {
  const text = document.createElement('pre');
  text.dir = 'auto';
  text.textContent = await content.text();
  return text;
}
