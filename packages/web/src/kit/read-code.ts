/** Shows what the camera sees until a QR code is in it; null if it was stopped before. Rejects without a camera. */
export async function codeOnCamera(video: HTMLVideoElement, stopped: AbortSignal): Promise<string | null> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  try {
    video.srcObject = stream;
    await video.play();
    return await firstCode(video, stopped);
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}

/** The QR code in a picture; null if there is none. Rejects for what is no picture. */
export async function codeInImage(file: Blob): Promise<string | null> {
  const image = await createImageBitmap(file, { resizeWidth: LARGEST, resizeQuality: 'high' });
  try {
    return await codeIn(image, image);
  } finally {
    image.close();
  }
}

async function firstCode(video: HTMLVideoElement, stopped: AbortSignal): Promise<string | null> {
  while (!stopped.aborted) {
    const { videoWidth: width, videoHeight: height } = video;
    const code = width === 0 ? null : await codeIn(video, { width, height });
    if (code !== null) return code;
    await new Promise((next) => setTimeout(next, BETWEEN_MILLISECONDS));
  }
  return null;
}

async function codeIn(source: ImageBitmap | HTMLVideoElement, size: Size): Promise<string | null> {
  const Detector = (globalThis as { readonly BarcodeDetector?: BarcodeDetectorClass }).BarcodeDetector;
  if (Detector !== undefined && (await Detector.getSupportedFormats()).includes('qr_code')) {
    const [found] = await new Detector({ formats: ['qr_code'] }).detect(source);
    return found?.rawValue ?? null;
  }
  return decodedIn(source, size);
}

/** By our own reader, where the browser has none. */
async function decodedIn(source: ImageBitmap | HTMLVideoElement, { width, height }: Size): Promise<string | null> {
  const { decodeQR } = await import('qr/decode.js');
  const scale = Math.min(1, LARGEST / Math.max(width, height));
  const canvas = new OffscreenCanvas(Math.round(width * scale), Math.round(height * scale));
  const context = canvas.getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  try {
    return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height));
  } catch {
    // It throws for every picture in which it finds none.
    return null;
  }
}

interface Size {
  readonly width: number;
  readonly height: number;
}

interface BarcodeDetectorClass {
  new (options: {
    readonly formats: readonly string[];
  }): { detect(source: ImageBitmapSource): Promise<readonly { readonly rawValue: string }[]> };
  getSupportedFormats(): Promise<readonly string[]>;
}

const BETWEEN_MILLISECONDS = 120;
/** Pixels of the longer side that are looked at. */
const LARGEST = 1200;
