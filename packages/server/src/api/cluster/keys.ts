import { hex } from '@sotto/bytes';
import type { Handler } from '../../handler.ts';
import { perStore } from '../../store/memory.ts';

export const keys: Handler<'cluster.keys'> = async (_input, { store, cluster, now }) => {
  const revoked = await store.read((database) =>
    database
      .selectFrom('certificates')
      .select(['serial', 'revoked_at'])
      .where('revoked_at', 'is not', null)
      .where('not_after', '>', now())
      .orderBy('serial')
      .execute(),
  );
  const serials = new Map(revoked.map(({ serial, revoked_at }) => [hex(serial), revoked_at as number]));
  const kept = lists(store);
  const content = [...serials].join(' ');
  if (kept.list === null || kept.content !== content || now() - kept.at > MAX_AGE_MILLISECONDS) {
    Object.assign(kept, { content, at: now(), list: cluster.revocationList(serials) });
  }
  const crl = await (kept.list as Promise<Uint8Array>);
  return { headCertificates: [...cluster.headCertificates], ca: cluster.caCertificate, crl };
};

interface KeptList {
  list: Promise<Uint8Array> | null;
  content: string;
  at: number;
}

/** Signing is dear, and anybody may ask: one list serves all until something is revoked. */
const lists = perStore((): KeptList => ({ list: null, content: '', at: 0 }));
const MAX_AGE_MILLISECONDS = 3600 * 1000;
