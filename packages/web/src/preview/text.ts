import { decodeText } from './decode-text.ts';
import { Refusal } from './refusal.ts';
import type { PreviewFacts, PreviewOrder } from './words.ts';

/** Shows a text, characters alone, whatever it is written in. */
export function showText({ bytes, name, words }: PreviewOrder): PreviewFacts {
  const decoded = decodeText(new Uint8Array(bytes));
  if (decoded === null) throw new Refusal('preview-unreadable');
  const notes = [decoded.hidden > 0 ? words.hidden : '', decoded.isCut ? words.cut : ''].filter((note) => note !== '');
  for (const note of notes) {
    const line = document.createElement('p');
    line.textContent = note;
    document.body.append(line);
  }
  const shown = document.createElement('pre');
  shown.dir = 'auto';
  shown.tabIndex = 0;
  shown.setAttribute('role', 'region');
  shown.setAttribute('aria-label', name);
  shown.textContent = decoded.text;
  document.body.append(shown);
  document.body.dataset['kind'] = 'text';
  return {};
}
