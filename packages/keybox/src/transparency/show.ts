import { encodeCbor, equal } from '@sotto/bytes';
import type { Address, ShownAddress } from '@sotto/protocol';
import {
  type Checkpoint,
  type Epoch,
  type MapEntry,
  verifyEntry,
  verifyEpoch,
  verifyPlacement,
} from '@sotto/transparency';
import { KeyboxPeerFault } from '../fault.ts';
import type { Session } from '../session.ts';
import { logContradicted } from './evidence.ts';
import { withheld } from './follow.ts';

/** Which epochs of a log say what of which addresses. */
export interface Question {
  readonly checkpoint: Checkpoint;
  readonly from: number;
  /** The first that is not asked for. */
  readonly to: number;
  readonly addresses: readonly Address[];
  /** Public key of the placements, if it is known. */
  readonly vrf: Uint8Array | null;
}

export interface Shown {
  /** Public key of the placements in this log. */
  readonly vrf: Uint8Array;
  /** For each address what each epoch says, null for nothing; null for an address that is not shown to this account. */
  readonly entries: readonly (readonly (MapEntry | null)[] | null)[];
  /** The checkpoint, and what was shown under it. */
  readonly evidence: readonly Uint8Array[];
}

/**
 * Asks what epochs say, and verifies every proof. Throws `proof-invalid`, `bad-signature`, `epoch-malformed`, `answer-malformed`,
 * `log-withheld`, and `split-view` if the log places addresses by another key than before.
 */
export async function showEntries(session: Session, question: Question): Promise<Shown> {
  const { checkpoint, from, to, addresses } = question;
  const { size } = checkpoint;
  const answer = await session.link.call('transparency.entries', { size, from, to, addresses }).catch(withheld);
  const isWhole = answer.epochs.length === to - from && answer.addresses.length === addresses.length;
  const areWhole = answer.addresses.every((shown) => shown === null || shown.entries.length === to - from);
  if (!isWhole || !areWhole) throw new KeyboxPeerFault('answer-malformed', 'not what was asked of the log');
  const epochs = answer.epochs.map((proof, i) => verifyEpoch(checkpoint, from + i, proof));
  const evidence = [checkpoint.note, encodeCbor(answer as never)];
  const vrf = question.vrf ?? (epochs[0] as Epoch).vrf;
  if (epochs.some((epoch) => !equal(epoch.vrf, vrf))) {
    const text = 'the transparency log places addresses by another key than before';
    await logContradicted(session, { code: 'split-view', text, entry: { event: 'log/other-places' }, evidence });
  }
  const entries = answer.addresses.map((shown, i) =>
    shown === null ? null : entriesOf(epochs, { vrf, shown, address: addresses[i] as Address }),
  );
  return { vrf, entries, evidence };
}

function entriesOf(
  epochs: readonly Epoch[],
  { vrf, address, shown }: { readonly vrf: Uint8Array; readonly address: Address; readonly shown: ShownAddress },
): (MapEntry | null)[] {
  const index = verifyPlacement(vrf, address, shown.placement);
  return epochs.map((epoch, i) =>
    verifyEntry(epoch, { address, index }, shown.entries[i] as ShownAddress['entries'][number]),
  );
}
