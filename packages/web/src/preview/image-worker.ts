/** Decodes one picture where it can be ended: answers with a bitmap, or null if it cannot be decoded. */
addEventListener('message', ({ data }: MessageEvent<DecodeOrder>) => {
  void decode(data);
});

interface DecodeOrder {
  readonly bytes: ArrayBuffer;
  readonly mediaType: string;
  /** To be shown with; the decoder scales down to it. */
  readonly width: number;
  readonly height: number;
}

async function decode({ bytes, mediaType, width, height }: DecodeOrder): Promise<void> {
  const blob = new Blob([bytes], { type: mediaType });
  try {
    const bitmap = await createImageBitmap(blob, { resizeWidth: width, resizeHeight: height, resizeQuality: 'high' });
    postMessage(bitmap, { transfer: [bitmap] });
  } catch {
    // Whatever is wrong with it, it is no picture.
    postMessage(null);
  }
}
