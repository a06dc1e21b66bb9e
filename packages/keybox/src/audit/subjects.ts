import { equal, Fault, hex } from '@sotto/bytes';
import type { Address } from '@sotto/protocol';
import { chainExtends, envelope, ProtocolPeerFault, type SignedHead, verifyChain, verifyHead } from '@sotto/protocol';
import type { RoomReader } from '../room-batch.ts';
import type { AuditView } from '../views.ts';

/** Verifies again every chain with every signature, and every kept head. */
export async function auditSubjects(reader: RoomReader): Promise<readonly AuditView[]> {
  const results: AuditView[] = [];
  for (const chain of await chainRows(reader)) {
    results.push(await judge(`chain ${chain.address}`, () => auditChain(reader, chain)));
  }
  const heads = await reader.session.keys.query<SignedHead & { kind: 'room' | 'chain'; id: Uint8Array }>(
    'SELECT * FROM head',
  );
  for (const { kind, id, ...head } of heads) {
    const subject = { kind, id };
    results.push(
      await judge(`head ${kind} ${hex(id)}`, async () =>
        verifyHead(reader.session.primitives, await reader.heads.keys(), { subject, head }),
      ),
    );
  }
  return results;
}

interface ChainRows {
  readonly address: Address;
  readonly fingerprint: Uint8Array;
  readonly envelopes: readonly Uint8Array[];
}

async function chainRows({ session }: RoomReader): Promise<readonly ChainRows[]> {
  const rows = await session.keys.query<{ address: Address; fingerprint: Uint8Array; envelope: Uint8Array }>(
    'SELECT address, fingerprint, envelope FROM chain ORDER BY rowid',
  );
  const chains = new Map<string, { address: Address; fingerprint: Uint8Array; envelopes: Uint8Array[] }>();
  for (const { address, fingerprint, envelope: bytes } of rows) {
    const chain = chains.get(hex(fingerprint)) ?? { address, fingerprint, envelopes: [] };
    chain.envelopes.push(bytes);
    chains.set(hex(fingerprint), chain);
  }
  return [...chains.values()];
}

async function auditChain(
  { session, heads }: RoomReader,
  { address, fingerprint, envelopes }: ChainRows,
): Promise<void> {
  const parsed = envelopes.map((bytes) => envelope.parse(bytes));
  const chain = await verifyChain(session.suites, parsed, address);
  const head = await heads.newest({ kind: 'chain', id: fingerprint });
  if (!equal(chain.fingerprint, fingerprint) || (head !== null && !chainExtends(chain, head))) {
    throw new ProtocolPeerFault('chain-broken', 'the chain is not the one that its head names');
  }
}

async function judge(subject: string, check: () => Promise<unknown>): Promise<AuditView> {
  try {
    await check();
    return { subject, ok: true, code: null };
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.blame === 'bug') throw cause;
    return { subject, ok: false, code: cause.code };
  }
}
