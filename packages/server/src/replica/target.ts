import { ServerUsageFault } from '../fault.ts';
import { folderTarget } from './folder-target.ts';
import { type Environment, s3Target } from './s3-target.ts';

/** Where a replica lies: names with slashes and their bytes. Everything that it throws is taken for being out of reach. */
export interface ReplicaTarget {
  /** Durable when it resolves; a reader meets the old bytes or the new ones. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Null if there is nothing of that name. */
  read(name: string): Promise<Uint8Array | null>;
  remove(name: string): Promise<void>;
}

/** The target that `--replica` names: a folder, or `s3://BUCKET/PREFIX` with credentials from the environment. Throws `replica-malformed`. */
export function openTarget(place: string, environment: Environment): ReplicaTarget {
  const s3 = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(place);
  if (s3 !== null) return s3Target({ bucket: s3[1] as string, prefix: s3[2] ?? '' }, environment);
  if (/^[a-z0-9]+:\/\//.test(place)) {
    throw new ServerUsageFault('replica-malformed', 'a replica lies in a folder or at s3://BUCKET/PREFIX');
  }
  return folderTarget(place);
}

/** Whether a place is one of S3 and not of the file system. */
export function isRemote(place: string): boolean {
  return /^[a-z0-9]+:\/\//.test(place);
}
