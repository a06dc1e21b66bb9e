import { type ByteSource, KeyboxUsageFault } from '@sotto/keybox';

/** A file that a person chose. Chosen again after a restart, it is known by name, size and time of its last change. */
export class FileSource implements ByteSource {
  readonly place: string;
  readonly #file: File;

  constructor(file: File) {
    this.place = `file:${file.lastModified}/${file.size}/${file.name}`;
    this.#file = file;
  }

  async sizeBytes(): Promise<number> {
    return this.#file.size;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    try {
      return new Uint8Array(await this.#file.slice(offset, offset + length).arrayBuffer());
    } catch (cause) {
      throw new KeyboxUsageFault('file-unreadable', 'the file was changed or moved: choose it again', { cause });
    }
  }
}
