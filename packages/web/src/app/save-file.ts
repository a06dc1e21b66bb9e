/** Hands bytes to the person as a file under a name. */
export function saveFile(name: string, content: Uint8Array | string, mediaType: string): void {
  const url = URL.createObjectURL(new Blob([content as BlobPart], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MILLISECONDS);
}

const KEPT_MILLISECONDS = 60_000;
