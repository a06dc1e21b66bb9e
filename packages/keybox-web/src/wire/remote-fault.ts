import { type Blame, BugFault, Fault } from '@sotto/bytes';
import { transferHandlers } from 'comlink';

/** A fault as it crosses between page and worker. */
interface WireFaultFacts {
  readonly code: string;
  readonly blame: Blame;
  readonly message: string;
  readonly detail: Fault['detail'];
}

/** A fault of the other side: same code, blame, message and detail. */
class RemoteFault extends Fault {
  readonly blame: Blame;

  constructor({ code, blame, message, detail }: WireFaultFacts) {
    super(code, message, { detail });
    this.blame = blame;
  }
}

/** What is no fault of ours is a bug; its stack stays where it is. */
function encodeFault(cause: unknown): WireFaultFacts {
  const fault = cause instanceof Fault ? cause : new BugFault(`internal fault: ${String(cause)}`);
  const { code, blame, message, detail } = fault;
  return { code, blame, message, detail: { ...detail } };
}

/** Has faults cross Comlink as themselves, thrown or in the answer of a sync. For both sides. */
export function carryFaults(): void {
  const thrown = transferHandlers.get('throw');
  if (thrown === undefined) throw new BugFault('Comlink throws in another way');
  transferHandlers.set('throw', {
    canHandle: thrown.canHandle,
    serialize: (held) => [encodeFault((held as { readonly value: unknown }).value), []],
    deserialize: (facts) => {
      throw new RemoteFault(facts as WireFaultFacts);
    },
  });
  transferHandlers.set('sync', {
    canHandle: (value): value is SyncAnswer =>
      typeof value === 'object' && value !== null && 'faults' in value && Array.isArray(value.faults),
    serialize: ({ faults, fault, ...rest }: SyncAnswer) => [
      { ...rest, faults: faults.map(encodeFault), ...(fault === undefined ? {} : { fault: encodeFault(fault) }) },
      [],
    ],
    deserialize: ({ faults, fault, ...rest }: EncodedAnswer) => ({
      ...rest,
      faults: faults.map((facts) => new RemoteFault(facts)),
      ...(fault === undefined ? {} : { fault: new RemoteFault(fault) }),
    }),
  });
}

/** As an answer of Comlink that throws. */
export function thrownAnswer(id: string, fault: Fault): object {
  return { id, type: 'HANDLER', name: 'throw', value: encodeFault(fault) };
}

interface SyncAnswer {
  readonly faults: readonly unknown[];
  readonly fault?: unknown;
}

interface EncodedAnswer {
  readonly faults: readonly WireFaultFacts[];
  readonly fault?: WireFaultFacts;
}
