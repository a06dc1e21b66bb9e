import { type JSX, lazy, Suspense, useEffect, useState } from 'react';
import { cycleLandmarks } from './landmarks.ts';
import { hearShortcuts, useShortcut } from './shortcut-keys.tsx';

/** What keys open everywhere inside: the finder, the help, the parts of the page. */
export function Keyboard(): JSX.Element {
  const [shown, setShown] = useState<'palette' | 'help' | null>(null);
  const close = (): void => setShown(null);
  useEffect(hearShortcuts, []);
  useShortcut('find', () => setShown('palette'));
  useShortcut('help', () => setShown('help'));
  useShortcut('nextLandmark', () => cycleLandmarks(1));
  useShortcut('previousLandmark', () => cycleLandmarks(-1));
  return (
    <Suspense>
      {shown === 'help' && <ShortcutHelp onClose={close} />}
      {shown === 'palette' && <Palette onClose={close} onHelp={() => setShown('help')} />}
    </Suspense>
  );
}

const ShortcutHelp = lazy(async () => ({ default: (await import('./shortcut-help.tsx')).ShortcutHelp }));
const Palette = lazy(async () => ({ default: (await import('../screens/palette/palette.tsx')).Palette }));
