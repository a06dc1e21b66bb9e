import encodeQR from 'qr';
import type { JSX } from 'react';
import styles from './qr-code.module.css';

/** A text as a QR code, black on white in every theme, because some readers know no other. */
export function QrCode({ content, label }: { readonly content: string; readonly label: string }): JSX.Element {
  const rows = encodeQR(content, 'raw', { ecc: 'medium', border: QUIET });
  const path = rows.map((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')).join('')).join('');
  return (
    <svg
      className={styles['code']}
      width={rows.length * Math.max(LEAST_MODULE, Math.floor(WANTED / rows.length))}
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <path d={path} />
    </svg>
  );
}

/** Pixels: each module has a whole number of them. */
const WANTED = 280;
const LEAST_MODULE = 3;
/** Modules of white around it, ISO/IEC 18004. */
const QUIET = 4;
