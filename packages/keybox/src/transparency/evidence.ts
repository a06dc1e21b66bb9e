import { encodeCbor, parseUtf8, utf8 } from '@sotto/bytes';
import { type KeyLogEntry, ProtocolPeerFault } from '@sotto/protocol';
import { logKeyOnce } from '../key-log.ts';
import { readMeta, writeMeta } from '../meta.ts';
import type { SqlStatement } from '../ports.ts';
import type { Session } from '../session.ts';

export interface LogContradiction {
  readonly code: 'rollback' | 'split-view';
  /** What happened, as the fault says it and as the key log keeps it. */
  readonly text: string;
  readonly entry: KeyLogEntry;
  /** What cannot both be true: signed checkpoints, and what was shown under them. */
  readonly evidence: readonly Uint8Array[];
  readonly cause?: unknown;
}

/** Keeps what proves that the server lied about its log, tells the user what happened, and throws. */
export async function logContradicted(
  { keys, clock, identity }: Session,
  { code, text, entry, evidence, cause }: LogContradiction,
): Promise<never> {
  const fault = new ProtocolPeerFault(code, text, { cause });
  const content = encodeCbor([...evidence]);
  await keys.apply([
    writeMeta(CONTRADICTED, utf8(code)),
    {
      sql: `INSERT INTO evidence (at, kind, id, code, content) SELECT ?, 'log', ?, ?, ?
        WHERE NOT EXISTS (SELECT 1 FROM evidence WHERE kind = 'log' AND content = ?)
        AND (SELECT count(*) FROM evidence WHERE kind = 'log') < ${MAX_EVIDENCE}`,
      parameters: [clock.now(), identity.caFingerprint, code, content, content],
    },
    logKeyOnce(clock, entry, fault),
  ]);
  throw fault;
}

/** Throws the code with which the log was contradicted, until it was followed again without a contradiction. */
export async function checkLogAgrees({ keys }: Session): Promise<void> {
  const code = await readMeta(keys, CONTRADICTED);
  if (code === null) return;
  const text = 'the server showed transparency logs that contradict each other: nothing is sent';
  throw new ProtocolPeerFault(parseUtf8(code) === 'rollback' ? 'rollback' : 'split-view', text);
}

/** After everything was compared, and agrees. */
export function logAgrees(): SqlStatement {
  return { sql: 'DELETE FROM meta WHERE name = ?', parameters: [CONTRADICTED] };
}

const CONTRADICTED = 'log-contradicted';
const MAX_EVIDENCE = 16;
