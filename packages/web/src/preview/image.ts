import { imageSize } from './image-size.ts';
import ImageWorker from './image-worker.ts?worker&inline';
import { Refusal } from './refusal.ts';
import type { PreviewFacts, PreviewOrder } from './words.ts';

/** Shows a picture, decoded in a worker with a cap on its pixels and on the time that it takes. */
export async function showImage({ bytes, name }: PreviewOrder): Promise<PreviewFacts> {
  const size = imageSize(new Uint8Array(bytes));
  if (size === null) throw new Refusal('preview-unreadable');
  const { width, height } = size;
  if (width * height > MOST_PIXELS || Math.max(width, height) > MOST_SIDE) throw new Refusal('preview-too-many-pixels');
  const scale = Math.min(1, SHOWN_SIDE / Math.max(width, height));
  const shown = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  const bitmap = await decode({ bytes, mediaType: size.mediaType, ...shown });
  const canvas = document.createElement('canvas');
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', name);
  canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
  document.body.append(canvas);
  document.body.dataset['kind'] = 'image';
  return { width, height };
}

/** Shows a drawing as a picture: nothing in it runs, nothing in it is fetched. */
export async function showDrawing({ bytes, name }: PreviewOrder): Promise<PreviewFacts> {
  if (bytes.byteLength > MOST_DRAWING_BYTES) throw new Refusal('preview-too-many-pixels');
  const image = new Image();
  image.alt = name;
  image.src = URL.createObjectURL(new Blob([bytes], { type: 'image/svg+xml' }));
  await image.decode().catch(() => {
    throw new Refusal('preview-unreadable');
  });
  document.body.append(image);
  document.body.dataset['kind'] = 'image';
  return {};
}

function decode(order: { bytes: ArrayBuffer; mediaType: string; width: number; height: number }): Promise<ImageBitmap> {
  const worker = new ImageWorker();
  const answer = new Promise<ImageBitmap>((resolve, reject) => {
    setTimeout(() => reject(new Refusal('preview-too-slow')), DECODE_MILLISECONDS);
    worker.addEventListener('error', () => reject(new Refusal('preview-unreadable')));
    worker.addEventListener('message', ({ data }: MessageEvent<ImageBitmap | null>) => {
      if (data === null) reject(new Refusal('preview-unreadable'));
      else resolve(data);
    });
    worker.postMessage(order, [order.bytes]);
  });
  return answer.finally(() => worker.terminate());
}

/** 64 million: more than cameras take, and 256 MiB at most while it is decoded. */
const MOST_PIXELS = 64_000_000;
const MOST_SIDE = 32_767;
const SHOWN_SIDE = 4096;
const DECODE_MILLISECONDS = 15_000;
const MOST_DRAWING_BYTES = 4 * 1024 * 1024;
