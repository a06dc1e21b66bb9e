import { GlobalWorkerOptions, getDocument, type PDFDocumentProxy, type PDFPageProxy } from 'pdfjs-dist';
import PdfWorker from './pdf-worker.ts?worker&inline';
import { Refusal } from './refusal.ts';
import type { PreviewFacts, PreviewOrder } from './words.ts';

/** Shows a PDF: parsed in a worker, each page drawn when it comes into sight, its text there for who listens. */
export async function showPdf({ bytes, words }: PreviewOrder): Promise<PreviewFacts> {
  GlobalWorkerOptions.workerPort = new PdfWorker();
  const document_ = await open(bytes);
  document.body.dataset['kind'] = 'pdf';
  const pages = Math.min(document_.numPages, MOST_PAGES);
  const first = await document_.getPage(1);
  const { width, height } = first.getViewport({ scale: 1 });
  const painter = new Painter(document_, words.page);
  for (let n = 1; n <= pages; n++) painter.add(n, width / height);
  await painter.paint(1);
  return { pages: document_.numPages };
}

async function open(bytes: ArrayBuffer): Promise<PDFDocumentProxy> {
  const opening = getDocument({
    data: new Uint8Array(bytes),
    enableXfa: false,
    useWasm: false,
    useWorkerFetch: false,
    disableAutoFetch: true,
    stopAtErrors: false,
    maxImageSize: MOST_IMAGE_PIXELS,
    canvasMaxAreaInBytes: 4 * MOST_IMAGE_PIXELS,
  });
  opening.onPassword = () => {
    throw new Refusal('preview-locked');
  };
  try {
    return await opening.promise;
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    throw new Refusal(
      cause instanceof Error && cause.name === 'PasswordException' ? 'preview-locked' : 'preview-unreadable',
    );
  }
}

/** Draws pages as they come into sight, and lets go of those that are far away. */
class Painter {
  readonly #pdf: PDFDocumentProxy;
  readonly #word: string;
  readonly #pages = new Map<Element, number>();
  readonly #sight = new IntersectionObserver((seen) => this.#look(seen), { rootMargin: '100% 0px' });
  #turn: Promise<void> = Promise.resolve();

  constructor(pdf: PDFDocumentProxy, word: string) {
    this.#pdf = pdf;
    this.#word = word;
  }

  add(n: number, ratio: number): void {
    const place = document.createElement('section');
    place.tabIndex = 0;
    place.setAttribute('aria-label', `${this.#word} ${n}`);
    place.style.aspectRatio = String(ratio);
    document.body.append(place);
    this.#pages.set(place, n);
    this.#sight.observe(place);
  }

  /** One page after the other. */
  paint(n: number): Promise<void> {
    const place = [...this.#pages].find(([, each]) => each === n)?.[0];
    if (!(place instanceof HTMLElement) || place.childElementCount > 0) return this.#turn;
    this.#turn = this.#turn.then(async () => draw(await this.#pdf.getPage(n), place)).catch(() => undefined);
    return this.#turn;
  }

  #look(seen: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of seen) {
      if (isIntersecting) void this.paint(this.#pages.get(target) ?? 1);
      else target.replaceChildren();
    }
  }
}

async function draw(page: PDFPageProxy, place: HTMLElement): Promise<void> {
  const natural = page.getViewport({ scale: 1 });
  place.style.aspectRatio = `${natural.width} / ${natural.height}`;
  const wanted = (place.clientWidth / natural.width) * Math.min(devicePixelRatio, 2);
  const scale = Math.min(wanted, Math.sqrt(MOST_PAGE_PIXELS / (natural.width * natural.height)));
  const viewport = page.getViewport({ scale });
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.floor(viewport.width));
  canvas.height = Math.max(1, Math.floor(viewport.height));
  canvas.setAttribute('aria-hidden', 'true');
  await page.render({ canvas, viewport }).promise;
  const { items } = await page.getTextContent();
  const text = document.createElement('p');
  text.textContent = items.map((item) => ('str' in item ? item.str : '')).join(' ');
  place.replaceChildren(canvas, text);
}

const MOST_PAGES = 2000;
const MOST_IMAGE_PIXELS = 32_000_000;
const MOST_PAGE_PIXELS = 8_000_000;
