import { publishedPolicy } from '../../admin/policy.ts';
import type { Handler } from '../../handler.ts';

export const read: Handler<'policies.read'> = async (_input, { store }) => ({
  policy: await store.read(publishedPolicy),
});
