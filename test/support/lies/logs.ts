import { sha256 } from '@sotto/crypto';
import { parseCheckpoint, signCheckpoint } from '@sotto/transparency';
import type { Lies } from './handlers.entry.ts';

export const logLies: Lies = {
  /** Another log for the victim, as long as the one of everybody else. */
  async 'transparency.checkpoint'({ order, context, ask }) {
    const honest = await ask();
    if (order.lie !== 'fork-log') return honest;
    const { domain, incarnation, size, root } = parseCheckpoint(honest.checkpoint);
    const { primitives, cluster } = context;
    const forked = { domain, incarnation, size, root: sha256(root) };
    return { ...honest, checkpoint: await signCheckpoint(primitives, cluster.headKey, forked) };
  },
};
