import { kitPdf } from './pdf.ts';
import type { RecoveryKit } from './recovery-kit.ts';
import { kitSvg } from './svg.ts';
import { kitText } from './text.ts';

/** The kit as a file of the form that the path's ending asks for: PDF, SVG, else text. */
export function kitFile(path: string, kit: RecoveryKit): Uint8Array {
  if (path.endsWith('.pdf')) return kitPdf(kit);
  return new TextEncoder().encode(path.endsWith('.svg') ? kitSvg(kit) : kitText(kit));
}
