import { encodeCbor } from '@sotto/bytes';
import { ProtocolPeerFault } from '@sotto/protocol';
import { keyLogEntryOnce } from '../key-log.ts';
import type { Session } from '../session.ts';

export interface LogContradiction {
  readonly code: 'rollback' | 'split-view';
  /** What happened, in words for the account's owner. */
  readonly text: string;
  /** What cannot both be true: signed checkpoints, and what was shown under them. */
  readonly evidence: readonly Uint8Array[];
  readonly cause?: unknown;
}

/** Keeps what proves that the server lied about its log, tells the user what happened, and throws. */
export async function logContradicted(
  { keys, clock, identity }: Session,
  { code, text, evidence, cause }: LogContradiction,
): Promise<never> {
  const fault = new ProtocolPeerFault(code, text, { cause });
  const content = encodeCbor([...evidence]);
  await keys.apply([
    {
      sql: `INSERT INTO evidence (at, kind, id, code, content) SELECT ?, 'log', ?, ?, ?
        WHERE NOT EXISTS (SELECT 1 FROM evidence WHERE kind = 'log' AND content = ?)
        AND (SELECT count(*) FROM evidence WHERE kind = 'log') < ${MAX_EVIDENCE}`,
      parameters: [clock.now(), identity.caFingerprint, code, content, content],
    },
    keyLogEntryOnce(clock, { event: 'log', text, cause: fault }),
  ]);
  throw fault;
}

const MAX_EVIDENCE = 16;
