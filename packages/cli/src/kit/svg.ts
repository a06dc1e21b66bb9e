import encodeQR from 'qr';
import { KIT_ADVICE, KIT_TITLE, kitLines, type RecoveryKit } from './recovery-kit.ts';

/** The kit as one A4 page of SVG, in points. */
export function kitSvg(kit: RecoveryKit): string {
  const texts = [text(60, 80, 22, KIT_TITLE)];
  for (const [i, [name, value]] of kitLines(kit).entries()) {
    const y = 120 + 38 * i;
    texts.push(text(60, y, 10, name), text(60, y + 15, 11, value));
  }
  for (const [i, line] of KIT_ADVICE.entries()) texts.push(text(60, 660 + 16 * i, 10, line));
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" width="595" height="842" viewBox="0 0 595 842" font-family="monospace">',
    '<rect width="595" height="842" fill="white"/>',
    ...texts,
    `<path d="${squares(encodeQR(kit.recoveryKey, 'raw'))}" fill="black"/>`,
    '</svg>',
    '',
  ].join('\n');
}

function squares(rows: readonly (readonly boolean[])[]): string {
  const side = 200 / rows.length;
  let path = '';
  for (const [y, row] of rows.entries()) {
    for (const [x, dark] of row.entries()) {
      if (dark)
        path += `M${point(60 + x * side)} ${point(400 + y * side)}h${point(side)}v${point(side)}h${point(-side)}z`;
    }
  }
  return path;
}

function text(x: number, y: number, size: number, content: string): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<text x="${x}" y="${y}" font-size="${size}">${escaped}</text>`;
}

function point(value: number): string {
  return value.toFixed(3);
}
