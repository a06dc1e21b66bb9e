import encodeQR from 'qr';
import { KIT_ADVICE, KIT_TITLE, kitLines, type RecoveryKit } from './recovery-kit.ts';

/**
 * The kit as a PDF 1.4 (ISO 32000-1) of one A4 page: text in the built-in fonts Helvetica and Courier, the QR code as
 * filled squares, nothing compressed and nothing embedded.
 */
export function kitPdf(kit: RecoveryKit): Uint8Array {
  const content = [...words(kit), ...squares(encodeQR(kit.recoveryKey, 'raw'))].join('\n');
  return document([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /H 5 0 R /C 6 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    font('Helvetica'),
    font('Courier'),
  ]);
}

function words(kit: RecoveryKit): string[] {
  const said = [text('H', 22, { x: 60, y: 770, content: KIT_TITLE })];
  for (const [i, [name, value]] of kitLines(kit).entries()) {
    const y = 730 - 36 * i;
    said.push(text('H', 9, { x: 60, y, content: name }), text('C', 10, { x: 60, y: y - 14, content: value }));
  }
  for (const [i, content] of KIT_ADVICE.entries()) said.push(text('H', 10, { x: 60, y: 200 - 15 * i, content }));
  return said;
}

function text(name: 'H' | 'C', size: number, { x, y, content }: { x: number; y: number; content: string }): string {
  const escaped = content.replaceAll(/[^\x20-\x7e]/g, '?').replaceAll(/[\\()]/g, (sign) => `\\${sign}`);
  return `BT /${name} ${size} Tf ${x} ${y} Td (${escaped}) Tj ET`;
}

function squares(rows: readonly (readonly boolean[])[]): string[] {
  const side = 180 / rows.length;
  const drawn: string[] = [];
  for (const [y, row] of rows.entries()) {
    for (const [x, dark] of row.entries()) {
      if (!dark) continue;
      const place = [60 + x * side, 420 - y * side, side, side].map((value) => value.toFixed(3));
      drawn.push(`${place.join(' ')} re f`);
    }
  }
  return drawn;
}

function font(name: string): string {
  return `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
}

/** Numbers the objects from 1, the first being the catalogue. Everything is ASCII, so characters are bytes. */
function document(objects: readonly string[]): Uint8Array {
  let file = '%PDF-1.4\n';
  const offsets: number[] = [];
  for (const [i, object] of objects.entries()) {
    offsets.push(file.length);
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const trailer = `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
  return new TextEncoder().encode(`${file}xref\n0 ${size}\n0000000000 65535 f \n${table}${trailer}`);
}
