import type { Numbers } from './numbers.ts';

/** An element of DER: bytes, or elements where its content reads as such. */
export interface Element {
  tag: number;
  content: Uint8Array | Element[];
}

/** The elements of `bytes` where they are exactly that, else null. */
export function readElements(bytes: Uint8Array, depth = 0): Element[] | null {
  const elements: Element[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const [tag = 0, first] = bytes.subarray(offset);
    if (first === undefined || depth > 40) return null;
    const octets = first < 0x80 ? 0 : first & 0x7f;
    if (octets > 3) return null;
    let length = octets === 0 ? first : 0;
    for (let i = 0; i < octets; i++) length = length * 256 + (bytes[offset + 2 + i] ?? 0);
    const start = offset + 2 + octets;
    offset = start + length;
    if (offset > bytes.length || length > bytes.length) return null;
    elements.push({ tag, content: contentOf(tag, bytes.subarray(start, offset), depth) });
  }
  return elements;
}

export function writeElements(elements: readonly Element[]): Uint8Array {
  return Buffer.concat(elements.map(writeElement));
}

/** Changes one element and leaves the lengths around it right. */
export function mutateElements(root: Element[], { numbers, other, bytes }: DerMaterial): void {
  const { holder, at } = numbers.pick(placesOf(root));
  const element = holder[at] as Element;
  const change = numbers.below(8);
  if (change === 0) holder.splice(at, 1);
  else if (change === 1) holder.splice(at, 0, structuredClone(element));
  else if (change === 2) element.tag = numbers.pick(tags);
  else if (change === 3) holder[at] = { tag: 0x30, content: [element] };
  else if (change === 4 && other.length > 0) {
    const taken = numbers.pick(placesOf(other));
    holder[at] = structuredClone(taken.holder[taken.at] as Element);
  } else if (Array.isArray(element.content)) {
    if (numbers.once(2)) element.content.reverse();
    else element.content = bytes(writeElements(element.content));
  } else element.content = bytes(element.content);
}

export interface DerMaterial {
  readonly numbers: Numbers;
  readonly other: readonly Element[];
  readonly bytes: (bytes: Uint8Array) => Uint8Array;
}

/** Octet and bit strings often hold DER themselves. */
function contentOf(tag: number, content: Uint8Array, depth: number): Uint8Array | Element[] {
  const mayHold = (tag & 0x20) !== 0 || (tag === 0x04 && content.length > 1);
  return (mayHold ? readElements(content, depth + 1) : null) ?? content;
}

function writeElement({ tag, content }: Element): Uint8Array {
  const inner = Array.isArray(content) ? writeElements(content) : content;
  const { length } = inner;
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : length < 0x1_0000
          ? [tag, 0x82, length >> 8, length & 0xff]
          : [tag, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
  return Buffer.concat([Uint8Array.from(head), inner]);
}

interface Place {
  readonly holder: Element[];
  readonly at: number;
}

function placesOf(root: readonly Element[]): readonly Place[] {
  const found: Place[] = [];
  const visit = (holder: Element[]): void => {
    for (const [at, element] of holder.entries()) {
      if (found.length >= 400) return;
      found.push({ holder, at });
      if (Array.isArray(element.content)) visit(element.content);
    }
  };
  visit(root as Element[]);
  return found;
}

const tags = [
  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x16, 0x17, 0x18, 0x1e, 0x30, 0x31, 0x80, 0x81, 0x82,
].concat([0x86, 0x87, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0x00, 0x1f, 0x24, 0x10, 0x11]);
