import type { Mutation } from '../support/mutation.ts';

/** Bugs that the simulation must find: each is planted alone, and some seed of the first 200 must fail. */
export const plantedBugs: Readonly<Record<string, Mutation>> = {
  'no-dedupe': {
    file: 'packages/server/src/rooms/records.ts',
    find: '  if (known !== null) return { n: known, entry: null, state: room.state };\n',
    replace: '',
  },
  'no-gap-check': {
    file: 'packages/protocol/src/room-record.ts',
    find: '  const gap = header.seq > due || !prevs.some((prev) => equal(prev, header.prev));\n',
    replace: '  const gap = prevs.length < 0;\n',
  },
  'volatile-outbox': {
    file: 'packages/keybox/src/flush.ts',
    find: "    const { positions, refused } = await session.link.call('records.append', { room, records });\n",
    replace: `    const own = batch.map(({ position }) => ({ sql: 'DELETE FROM outbox WHERE position = ?', parameters: [position] }));
    await session.keys.apply(own);
    const { positions, refused } = await session.link.call('records.append', { room, records });\n`,
  },
  'era-without-table-check': {
    file: 'packages/protocol/src/room-statement.ts',
    find: '    valid: await isTableComplete(state, rows, input.witness),\n',
    replace: '    valid: (await isTableComplete(state, rows, input.witness)) || true,\n',
  },
  'ack-before-fsync': {
    file: 'packages/server/src/store/group-commit.ts',
    find: '    await writer.commit();\n',
    replace: '    for (const answer of answers) answer();\n    await writer.commit();\n',
  },
};
