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

function table(entries: Readonly<Partial<Record<FileKind, string>>>): ReadonlyMap<string, FileKind> {
  return new Map(
    Object.entries(entries).flatMap(([kind, names]) =>
      names.split(' ').map((name) => [name, kind as FileKind] as const),
    ),
  );
}

const KINDS = table({
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
