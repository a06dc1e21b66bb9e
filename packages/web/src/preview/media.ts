import { Refusal } from './refusal.ts';
import type { PreviewFacts, PreviewOrder } from './words.ts';

/** Lets a recording or a film be played, with the browser's own controls. */
export async function showMedia({ kind, bytes, name, mediaType }: PreviewOrder): Promise<PreviewFacts> {
  const player = document.createElement(kind === 'video' ? 'video' : 'audio');
  player.controls = true;
  player.preload = 'metadata';
  player.setAttribute('aria-label', name);
  player.src = URL.createObjectURL(new Blob([bytes], { type: mediaType }));
  document.body.append(player);
  document.body.dataset['kind'] = kind;
  await new Promise<void>((resolve, reject) => {
    player.addEventListener('loadedmetadata', () => resolve(), { once: true });
    player.addEventListener('error', () => reject(new Refusal('preview-unreadable')), { once: true });
  });
  if (!(player instanceof HTMLVideoElement)) return {};
  return { width: player.videoWidth, height: player.videoHeight };
}
