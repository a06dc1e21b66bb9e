import { Fault } from '@sotto/bytes';
import { addressDomain } from '@sotto/protocol';
import { type Checkpoint, followLog, parseCheckpoint, verifyCheckpoint } from '@sotto/transparency';
import { KeyboxPeerFault } from '../fault.ts';
import type { Heads } from '../heads.ts';
import { logKey } from '../key-log.ts';
import type { Session } from '../session.ts';
import { logContradicted } from './evidence.ts';
import { type KeptCheckpoint, readCheckpoint, writeCheckpoint } from './store.ts';

export interface LogReader {
  readonly session: Session;
  readonly heads: Heads;
}

/** A checkpoint that is verified and kept. */
export interface FollowedLog {
  readonly checkpoint: Checkpoint;
  readonly kept: KeptCheckpoint;
}

/**
 * Asks for the newest checkpoint and keeps it, if the log grew out of the one that is known. Throws `rollback` and
 * `split-view` with both as evidence, `log-withheld` if the server shows none, `checkpoint-malformed`, `checkpoint-invalid`.
 */
export async function followServer(reader: LogReader): Promise<FollowedLog> {
  const { session } = reader;
  const known = await knownLog(reader);
  const from = known?.checkpoint.size ?? 0;
  const answer = await session.link.call('transparency.checkpoint', { from }).catch(withheld);
  const checkpoint = await verifyNote(reader, answer.checkpoint);
  if (known !== null) await checkGrown(session, { known: known.checkpoint, checkpoint, proof: answer.consistency });
  const kept = keep(known?.kept ?? null, { checkpoint, now: session.clock.now() });
  const isAnew = known !== null && checkpoint.incarnation > known.checkpoint.incarnation;
  await session.keys.apply([writeCheckpoint(kept), ...(isAnew ? [tellAnew(session)] : [])]);
  return { checkpoint, kept };
}

/** The log as it is known here; asks nobody but for head keys. Null before the first checkpoint. */
export async function knownLog(reader: LogReader): Promise<FollowedLog | null> {
  const kept = await readCheckpoint(reader.session.keys);
  return kept === null ? null : { kept, checkpoint: await verifyNote(reader, kept.note) };
}

/** Throws `checkpoint-malformed`, `checkpoint-invalid`. */
export async function verifyNote({ session, heads }: LogReader, note: Uint8Array): Promise<Checkpoint> {
  const { primitives, identity } = session;
  const checkpoint = parseCheckpoint(note);
  const domain = addressDomain(identity.address);
  const verify = async (): Promise<Checkpoint> =>
    verifyCheckpoint(primitives, await heads.keys(), { checkpoint, domain });
  return verify().catch(async (cause) => {
    if (!(cause instanceof Fault) || cause.code !== 'checkpoint-invalid') throw cause;
    await heads.renew();
    return verify();
  });
}

/** What the server does not answer although it must. */
export function withheld(cause: unknown): never {
  if (!(cause instanceof Fault) || !WITHHOLDING.has(cause.code)) throw cause;
  throw new KeyboxPeerFault('log-withheld', 'the server does not show its transparency log', { cause });
}

async function checkGrown(
  session: Session,
  {
    known,
    checkpoint,
    proof,
  }: { readonly known: Checkpoint; readonly checkpoint: Checkpoint; readonly proof: readonly Uint8Array[] },
): Promise<void> {
  try {
    followLog(known, checkpoint, proof);
  } catch (cause) {
    if (!(cause instanceof Fault) || (cause.code !== 'rollback' && cause.code !== 'split-view')) throw cause;
    const { code } = cause;
    const text = `the server showed a transparency log of ${checkpoint.size} epochs that contradicts the one of ${known.size} that it signed before`;
    const entry = { event: 'log/contradicts-itself', size: checkpoint.size, known: known.size } as const;
    await logContradicted(session, { code, text, entry, evidence: [known.note, checkpoint.note, ...proof], cause });
  }
}

function keep(
  known: KeptCheckpoint | null,
  { checkpoint, now }: { readonly checkpoint: Checkpoint; readonly now: number },
): KeptCheckpoint {
  const { incarnation, size, note } = checkpoint;
  const isSame = known !== null && known.incarnation === incarnation;
  // What was there before this device looked, other devices of the account have checked.
  const checked = isSame ? known.checked : known === null ? size - 1 : 0;
  return { incarnation, size, note, vrf: isSame ? known.vrf : null, checked, seenAt: now };
}

function tellAnew({ clock }: Session) {
  return logKey(clock, { event: 'log/anew' });
}

const WITHHOLDING: ReadonlySet<string> = new Set(['not-found', 'not-authorised', 'operation-unknown']);
