import { type Blame, type CborMap, type CborValue, Fault } from '@sotto/bytes';

/** A fault of the other side of the socket: same code, blame, message and detail, and so the same exit code and hint. */
class RemoteFault extends Fault {
  readonly blame: Blame;

  constructor(blame: Blame, told: { readonly code: string; readonly message: string; readonly detail: Detail }) {
    super(told.code, told.message, { detail: told.detail });
    this.blame = blame;
  }
}

type Detail = Readonly<Record<string, string | number>>;

/** Anything but a fault is a bug; the full disk of the platform is not. Stacks stay where they are. */
export function encodeFault(cause: unknown): CborMap {
  if (cause instanceof Fault) {
    const { code, blame, message, detail } = cause;
    return { code, blame, message: message.toWellFormed(), detail: whole(detail) };
  }
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return { code: 'disk-full', blame: 'usage', message: 'the disk is full', detail: {} };
  }
  const message = cause instanceof Error ? cause.message : 'something that is no error was thrown';
  return { code: 'bug', blame: 'bug', message: `internal fault: ${message}`.toWellFormed(), detail: {} };
}

/** What is no fault of ours becomes a bug. */
export function decodeFault(value: CborValue): Fault {
  const map = (typeof value === 'object' && value !== null ? value : {}) as CborMap;
  const { code, blame, message, detail } = map as Record<string, unknown>;
  const isKnown = typeof code === 'string' && typeof message === 'string' && BLAMES.has(blame as Blame);
  if (!isKnown) return new RemoteFault('bug', { code: 'bug', message: 'a fault without a code', detail: {} });
  return new RemoteFault(blame as Blame, { code, message, detail: (detail ?? {}) as Detail });
}

function whole(detail: Detail): Detail {
  return Object.fromEntries(
    Object.entries(detail).map(([name, value]) => [name, typeof value === 'number' ? Math.ceil(value) : value]),
  );
}

const BLAMES: ReadonlySet<Blame> = new Set(['wire', 'peer', 'policy', 'usage', 'bug']);
