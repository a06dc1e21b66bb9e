import type { PreviewKind } from '../../preview/words.ts';

/** What a file is, going by the end of its name: what a person's system goes by, too. */
export type FileKind =
  | 'image'
  | 'audio'
  | 'video'
  | 'pdf'
  | 'text'
  | 'code'
  | 'table'
  | 'archive'
  | 'program'
  | 'other';

export function kindOfFile(name: string): FileKind {
  return KINDS.get(extensionOf(name)) ?? 'other';
}

/** In lower case, without what full width and compatible letters can hide; empty if there is none. */
export function extensionOf(name: string): string {
  const folded = name.normalize('NFKC').toLowerCase();
  const dot = folded.lastIndexOf('.');
  return dot < 0 ? '' : folded.slice(dot + 1).trim();
}

/** What a name makes one believe, and what opening the file would do. */
export type NameWarning = 'program' | 'disguise' | 'macros' | 'page';

/** Why somebody should think before opening a file of this name; null if there is no reason in the name. */
export function nameWarning(name: string): NameWarning | null {
  const extension = extensionOf(name);
  if (kindOfFile(name) === 'program') {
    const inner = KINDS.get(extensionOf(name.slice(0, -extension.length - 1)));
    return inner === undefined || inner === 'program' ? 'program' : 'disguise';
  }
  if (MACROS.has(extension)) return 'macros';
  return PAGES.has(extension) ? 'page' : null;
}

/** How a file of this name can be shown in the sandbox; null if it can only be downloaded. What it really is, is judged there. */
export function previewKindOf(name: string): PreviewKind | null {
  return PREVIEWS.get(extensionOf(name)) ?? null;
}

/** Whether a file is shown at all, or only downloaded. */
export function isShown({ name, sizeBytes }: { readonly name: string; readonly sizeBytes: number }): boolean {
  return previewKindOf(name) !== null && sizeBytes <= MOST_SHOWN_BYTES;
}

function tableOf<Kind extends string>(entries: Readonly<Record<string, string>>): ReadonlyMap<string, Kind> {
  return new Map(
    Object.entries(entries).flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind as Kind] as const)),
  );
}

const KINDS = tableOf<FileKind>({
  image: 'png jpg jpeg jfif gif webp avif bmp svg ico heic heif tif tiff',
  audio: 'mp3 m4a aac ogg oga opus wav flac weba',
  video: 'mp4 m4v webm ogv mov mkv avi',
  pdf: 'pdf',
  text: 'txt md log rtf doc docx odt pages epub eml ics vcf srt tex',
  code: 'json xml yaml yml toml ini css ts tsx c h cpp rs go java rb sql html htm xhtml mhtml patch diff',
  table: 'csv tsv xls xlsx ods numbers xlsm',
  archive: 'zip tar gz tgz bz2 xz 7z rar zst cab',
  program: [
    'exe msi msix appx com scr pif bat cmd ps1 psm1 vbs vbe js jse mjs wsf wsh hta cpl dll sys jar lnk url reg inf scf',
    'application gadget msc chm iso img vhd vhdx dmg pkg app command tool workflow terminal sh bash zsh csh fish run bin',
    'elf so deb rpm appimage flatpakref snap desktop apk ipa py pyw pyz pl php',
  ].join(' '),
});
const MOST_SHOWN_BYTES = 64 * 1024 * 1024;
/** Documents that may carry programs. */
const MACROS: ReadonlySet<string> = new Set('docm dotm xlsm xltm xlam xll pptm potm ppam ppsm sldm'.split(' '));
/** Opened, they run in the browser, and reach the network. */
const PAGES: ReadonlySet<string> = new Set('html htm xhtml xht mhtml mht shtml svg svgz'.split(' '));
const PREVIEWS = tableOf<PreviewKind>({
  image: 'png jpg jpeg jfif gif webp avif bmp',
  drawing: 'svg',
  pdf: 'pdf',
  audio: 'mp3 m4a aac ogg oga opus wav flac weba',
  video: 'mp4 m4v webm ogv mov',
  text: [
    'txt md log csv tsv json xml yaml yml toml ini css html htm xhtml js mjs ts tsx c h cpp rs go java rb py pl php sql',
    'sh bash ps1 bat patch diff tex srt ics vcf eml rtf',
  ].join(' '),
});
