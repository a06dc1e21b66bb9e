import { showDrawing, showImage } from './image.ts';
import { showMedia } from './media.ts';
import './preview.css';
import { showPdf } from './pdf.ts';
import { Refusal } from './refusal.ts';
import { showText } from './text.ts';
import type { PreviewAnswer, PreviewFacts, PreviewKind, PreviewOrder } from './words.ts';

/**
 * The page in which a file of somebody else is shown. Its policy gives it an origin of its own, no network, no storage and no
 * other script: whatever a file makes a decoder do, it reaches nothing but this page. It takes one order of its parent, and
 * says how that went.
 */
function listen(): void {
  // The one way out that no policy names; nothing here needs it.
  Reflect.deleteProperty(globalThis, 'RTCPeerConnection');
  const take = (event: MessageEvent<PreviewOrder>): void => {
    const [port] = event.ports;
    if (event.source !== parent || port === undefined) return;
    removeEventListener('message', take);
    void carryOut(event.data, (answer) => port.postMessage(answer));
  };
  addEventListener('message', take);
  // Nobody's origin can be told from here; the word says nothing that is not public.
  parent.postMessage({ kind: 'ready' } satisfies PreviewAnswer, '*');
}

async function carryOut(order: PreviewOrder, say: (answer: PreviewAnswer) => void): Promise<void> {
  document.documentElement.lang = order.language;
  document.documentElement.style.colorScheme = order.theme;
  document.title = order.name;
  addEventListener('keydown', ({ key }) => key === 'Escape' && say({ kind: 'escape' }));
  try {
    say({ kind: 'shown', facts: await SHOW[order.kind](order) });
  } catch (cause) {
    document.body.replaceChildren();
    say({ kind: 'refused', code: cause instanceof Refusal ? cause.code : 'preview-unreadable' });
  }
}

const SHOW: Readonly<Record<PreviewKind, (order: PreviewOrder) => PreviewFacts | Promise<PreviewFacts>>> = {
  image: showImage,
  drawing: showDrawing,
  text: showText,
  pdf: showPdf,
  audio: showMedia,
  video: showMedia,
};

listen();
