/** Hands content to the person as a file under a name. */
export function saveFile(
  name: string,
  content: Uint8Array | string | Blob,
  mediaType = 'application/octet-stream',
): void {
  const file = content instanceof Blob ? content : new Blob([content as BlobPart], { type: mediaType });
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MILLISECONDS);
}

const KEPT_MILLISECONDS = 60_000;
