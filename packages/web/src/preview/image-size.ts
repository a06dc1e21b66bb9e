/** How large a picture says it is. */
export interface ImageSize {
  readonly mediaType: string;
  readonly width: number;
  readonly height: number;
}

/** Reads the size in pixels from the head of a picture, before anything decodes it; null for what is no picture that is known. */
export function imageSize(bytes: Uint8Array): ImageSize | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const read of [png, jpeg, gif, webp, bmp, avif]) {
    try {
      const size = read(view);
      if (size !== null) return size;
    } catch (cause) {
      // It ends where the size should stand.
      if (!(cause instanceof RangeError)) throw cause;
    }
  }
  return null;
}

/** W3C PNG, section 11.2.1. */
function png(view: DataView): ImageSize | null {
  if (view.getUint32(0) !== 0x89504e47 || view.getUint32(4) !== 0x0d0a1a0a || text(view, 12) !== 'IHDR') return null;
  return { mediaType: 'image/png', width: view.getUint32(16), height: view.getUint32(20) };
}

/** ITU-T T.81, annex B: the first start of frame. */
function jpeg(view: DataView): ImageSize | null {
  if (view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; ; ) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { mediaType: 'image/jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    } else at += 2 + view.getUint16(at + 2);
  }
}

function gif(view: DataView): ImageSize | null {
  if (!/^GIF8$/.test(text(view, 0))) return null;
  return { mediaType: 'image/gif', width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

/** RFC 9649. */
function webp(view: DataView): ImageSize | null {
  if (text(view, 0) !== 'RIFF' || text(view, 8) !== 'WEBP') return null;
  const mediaType = 'image/webp';
  const form = text(view, 12);
  if (form === 'VP8X') return { mediaType, width: uint24(view, 24) + 1, height: uint24(view, 27) + 1 };
  if (form === 'VP8L') {
    const packed = view.getUint32(21, true);
    return { mediaType, width: (packed & 0x3fff) + 1, height: ((packed >> 14) & 0x3fff) + 1 };
  }
  if (form !== 'VP8 ') return null;
  return { mediaType, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
}

function bmp(view: DataView): ImageSize | null {
  if (view.getUint16(0) !== 0x424d || view.getUint32(14, true) < 40) return null;
  return {
    mediaType: 'image/bmp',
    width: Math.abs(view.getInt32(18, true)),
    height: Math.abs(view.getInt32(22, true)),
  };
}

/** ISO/IEC 23008-12: the largest `ispe` that the head names. */
function avif(view: DataView): ImageSize | null {
  if (text(view, 4) !== 'ftyp' || !/^avi[fs]$/.test(text(view, 8))) return null;
  let [width, height] = [0, 0];
  for (let at = 12; at + 16 <= Math.min(view.byteLength, HEAD_BYTES); at++) {
    if (view.getUint32(at) !== ISPE) continue;
    width = Math.max(width, view.getUint32(at + 8));
    height = Math.max(height, view.getUint32(at + 12));
  }
  return width === 0 ? null : { mediaType: 'image/avif', width, height };
}

function text(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

const ISPE = 0x69737065;
const HEAD_BYTES = 64 * 1024;
