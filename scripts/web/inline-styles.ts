/**
 * The styles that components of react-aria put into the page themselves, to the letter: the first with the first button, the other
 * under an open dialog on iOS. The page's policy names their hashes; there is no other inline style or script.
 */
export const inlineStyles: readonly string[] = [
  `
@layer {
  [data-react-aria-pressable] {
    touch-action: pan-x pan-y pinch-zoom;
  }
}
    `.trim(),
  `
@layer {
  * {
    overscroll-behavior: contain;
  }
}`.trim(),
];
