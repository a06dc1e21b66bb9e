/** What the client hands to the sandboxed page, once, with a port for its answers. */
export interface PreviewOrder {
  readonly kind: PreviewKind;
  readonly bytes: ArrayBuffer;
  /** Shown to assistive technology; safe to show. */
  readonly name: string;
  /** Of audio and video, for the browser's decoder. */
  readonly mediaType: string;
  readonly theme: 'light' | 'dark';
  readonly language: string;
  readonly words: PreviewWords;
}

export type PreviewKind = 'image' | 'drawing' | 'text' | 'pdf' | 'audio' | 'video';

/** The few words that stand within the page. */
interface PreviewWords {
  readonly page: string;
  readonly cut: string;
  readonly hidden: string;
}

/** What the sandboxed page says: first that it is there, then through its port how it went. Nothing else is listened to. */
export type PreviewAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'shown'; readonly facts: PreviewFacts }
  | { readonly kind: 'refused'; readonly code: PreviewRefusal }
  /** Escape was pressed in it. */
  | { readonly kind: 'escape' };

export interface PreviewFacts {
  readonly width?: number;
  readonly height?: number;
  readonly pages?: number;
}

const previewRefusals = [
  'preview-too-many-pixels',
  'preview-too-slow',
  'preview-unreadable',
  'preview-locked',
] as const;
export type PreviewRefusal = (typeof previewRefusals)[number];

/** Reads what came from the sandboxed page, which a file may have taken over; null for anything that is not to the letter. */
export function parseAnswer(data: unknown): PreviewAnswer | null {
  if (typeof data !== 'object' || data === null || !('kind' in data)) return null;
  if (data.kind === 'ready' || data.kind === 'escape') return { kind: data.kind };
  if (data.kind === 'refused' && 'code' in data) {
    const code = previewRefusals.find((each) => each === data.code);
    return code === undefined ? null : { kind: 'refused', code };
  }
  if (data.kind !== 'shown' || !('facts' in data) || typeof data.facts !== 'object' || data.facts === null) return null;
  const facts: Record<string, number> = {};
  for (const name of ['width', 'height', 'pages'] as const) {
    const value: unknown = (data.facts as Readonly<Record<string, unknown>>)[name];
    if (value === undefined) continue;
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) return null;
    facts[name] = value;
  }
  return { kind: 'shown', facts };
}
