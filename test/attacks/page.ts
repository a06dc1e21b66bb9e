import type { AttackCase, AttackGroup } from './catalogue/index.ts';

/** ATTACKS.md: the catalogue as a page. */
export function attacksPage(groups: readonly AttackGroup[]): string {
  const all = groups.flatMap(({ cases }) => cases);
  const tried = all.filter(({ status }) => status.kind === 'tried').length;
  return [
    '# Attacks',
    '',
    'Attacks that were published against comparable systems, and some that reading our own specifications suggests (their',
    'ids carry an `x`), each tried against Sotto. This page is generated from `test/attacks/catalogue`; do not edit it.',
    '',
    'Each case that is tried has a test with the attack, which must be refused, and the same without it, which must be',
    'accepted. `npm run attacks` disables the one check that each names, runs its test again and demands that the attack now',
    'gets through and the control still passes; `npm run attacks -- K1` does it for one.',
    '',
    `${all.length} cases: ${tried} tried and refused, ${all.length - tried} not applicable.`,
    '',
    'Who: SRV own server, fully malicious; RSRV server of another domain; MEM member; EXM former member; CON another user;',
    'NET network; WEB a web page; ADM administrator; DEV who holds the disk.',
    '',
    ...groups.filter(({ cases }) => cases.length > 0).flatMap(sectionOf),
  ].join('\n');
}

function sectionOf({ title, cases }: AttackGroup): readonly string[] {
  return [
    `## ${title}`,
    '',
    '| id | who | attack | published | our answer | status | test |',
    '|---|---|---|---|---|---|---|',
    ...cases.map(rowOf),
    '',
  ];
}

function rowOf({ id, attackers, action, published, answer, status }: AttackCase): string {
  const [verdict, test] =
    status.kind === 'tried'
      ? ['refused', `[${status.test.split('/').at(-1)}](${status.test})`]
      : [`not applicable because ${status.because}`, ''];
  const cells = [id, attackers.join(', '), action, published ?? 'our own', answer, verdict, test];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
