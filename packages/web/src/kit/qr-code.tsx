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
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <path d={path} />
    </svg>
  );
}

/** Modules of white around it, ISO/IEC 18004. */
const QUIET = 4;
