import { offProfile } from './fault.ts';

/** Content of a BMPString: UTF-16, big-endian. */
export function encodeBmp(text: string): Uint8Array<ArrayBuffer> {
  const content = new Uint8Array(2 * text.length);
  const view = new DataView(content.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i));
  return content;
}

/** Throws `pkcs12-profile` for half a unit or more than 256. */
export function decodeBmp(content: Uint8Array): string {
  if (content.length % 2 !== 0 || content.length > 512) throw offProfile('a name of the wrong length');
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const units = Array.from({ length: content.length / 2 }, (_, i) => view.getUint16(2 * i));
  return String.fromCharCode(...units);
}
