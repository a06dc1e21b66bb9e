import type { FileView } from '@sotto/keybox';

export const fileOrders = ['newest', 'name', 'size', 'author'] as const;
export type FileOrder = (typeof fileOrders)[number];

/** Those of the files that have all the wanted words in their name or author, in order. */
export function arranged(
  files: readonly FileView[],
  { order, wanted, format }: { readonly order: FileOrder; readonly wanted: string; readonly format: string },
): readonly FileView[] {
  const words = folded(wanted)
    .split(/\s+/)
    .filter((word) => word !== '');
  const { compare } = new Intl.Collator(format, { numeric: true });
  const by: Readonly<Record<FileOrder, (left: FileView, right: FileView) => number>> = {
    newest: (left, right) => right.at - left.at,
    name: (left, right) => compare(left.name, right.name),
    size: (left, right) => right.sizeBytes - left.sizeBytes,
    author: (left, right) => compare(left.author, right.author) || right.at - left.at,
  };
  return files
    .filter(({ name, author }) => words.every((word) => folded(`${name} ${author}`).includes(word)))
    .toSorted(by[order]);
}

function folded(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase();
}
