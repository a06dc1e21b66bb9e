/** What is known of an upload on both sides of a crash. */
export interface UploadFacts {
  readonly room: string;
  readonly name: string;
  readonly sizeBytes: number;
}

/** Tells all tabs that this one has the file of an upload; gives what ends that. It ends with the tab, too. */
export function claimUpload(facts: UploadFacts): () => void {
  const ended = Promise.withResolvers<void>();
  void navigator.locks.request(nameOf(facts), { mode: 'shared' }, () => ended.promise);
  return () => ended.resolve();
}

/** Those of the uploads that no tab has the file of. */
export async function unclaimed<Known extends UploadFacts>(uploads: readonly Known[]): Promise<readonly Known[]> {
  if (uploads.length === 0) return [];
  const { held = [], pending = [] } = await navigator.locks.query();
  const claimed = new Set([...held, ...pending].map(({ name }) => name));
  return uploads.filter((upload) => !claimed.has(nameOf(upload)));
}

function nameOf({ room, name, sizeBytes }: UploadFacts): string {
  return `sotto.upload/${room}/${sizeBytes}/${name}`;
}
