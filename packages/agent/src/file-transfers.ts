import { type FileView, KeyBox, type Sent, type Session, type TransferOptions } from '@sotto/keybox';
import { FileSource, FileTarget } from '@sotto/keybox-node';
import type { VoiceNote } from '@sotto/protocol';

interface FileToSend extends TransferOptions {
  /** Id of the room. */
  readonly room: string;
  /** Absolute, of this machine. */
  readonly path: string;
  readonly name: string;
  readonly mediaType: string;
  /** Id of the file that it is the next version of. */
  readonly replaces?: string | undefined;
  readonly key?: string | undefined;
  readonly voice?: VoiceNote | undefined;
}

interface FileToFetch extends TransferOptions {
  readonly room: string;
  /** Id of the file. */
  readonly file: string;
  /** By default the newest. */
  readonly version?: number | undefined;
  /** Absolute, of this machine. */
  readonly path: string;
  readonly replace: boolean;
}

/** Files of this machine, to and from rooms. */
export interface FileTransfers {
  /** Broken off, the same call goes on with it. Throws what `Files.send` throws, and `file-unreadable`. */
  sendFile(file: FileToSend): Promise<Sent>;
  /** Broken off, the same call goes on with it. Throws what `Files.get` throws, and `file-unwritable`. */
  fetchFile(file: FileToFetch): Promise<FileView>;
  /** Gives a transfer up, and with it the part of a download. */
  cancelTransfer(id: string): Promise<void>;
}

/** Runs work that may take long and touches nothing but rows of its own, so that others may use the account meanwhile. */
export type Aside = <Result>(work: () => Promise<Result>) => Promise<Result>;

export function fileTransfers(session: Session, aside: Aside): FileTransfers {
  return {
    async sendFile({ path, room, progress, signal, ...file }) {
      await using source = await FileSource.open(path);
      const begun = await new KeyBox(session).files.begin(room, source, file);
      if (begun.sent !== null) return begun.sent;
      const upload = () => new KeyBox(session).files.upload(begun.transfer, source, { progress, signal });
      // A fresh box each time: what another command changed meanwhile must not be missed.
      return await new KeyBox(session).files.publish(await aside(upload), source);
    },
    async fetchFile({ path, room, file, ...options }) {
      await using target = new FileTarget(path);
      return await aside(() => new KeyBox(session).files.get(room, file, { ...options, target }));
    },
    async cancelTransfer(id) {
      const { files } = new KeyBox(session);
      const transfer = (await files.transfers()).find((each) => each.id === id);
      await files.cancel(id);
      if (transfer?.kind === 'download') await new FileTarget(transfer.place).discard();
    },
  };
}
