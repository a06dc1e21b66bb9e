import { type Figure, type Goal, isReached, type Quantity, timesBetter } from './bench.ts';
import type { Measured, Results } from './results.ts';

/** docs/benchmarks.md. */
export function writePage(results: Results): string {
  const parts = Object.entries(results).map(([name, measured]) => part(name, measured));
  const hasGrowth = Object.values(results).some(({ growth = [] }) => growth.length > 0);
  const chart = hasGrowth ? ['![How it grows](benchmarks.svg)'] : [];
  return `${[...introduction, overview(results), ...chart, ...parts].join('\n\n')}\n`;
}

/** The table of one bench, as it is shown at the end of its run as well. */
export function table(figures: readonly Figure[]): string {
  return [head, ...figures.map(line)].join('\n');
}

function overview(results: Results): string {
  const figures = Object.values(results).flatMap((measured) => measured.figures);
  const asked = figures.filter((figure) => isReached(figure) !== null);
  const reached = asked.filter((figure) => isReached(figure));
  return `Of ${asked.length} figures with a bound ${reached.length} are reached.`;
}

function part(name: string, { title, about, figures, growth = [], notes = [], ...measured }: Measured): string {
  const peers = Object.entries(measured.peers).map(([peer, version]) => `${peer} ${version}`);
  const fits = growth.flatMap((panel) => (panel.fit === null ? [] : [`${panel.title}: ${panel.fit}.`]));
  const where = `${measured.at.replace('T', ' ')} UTC, load ${measured.load.toFixed(1)} at the start; ${measured.machine}.`;
  const against = peers.length === 0 ? [] : [`Against ${peers.join(', ')}.`];
  return [
    `## ${name}: ${title}`,
    about.trim(),
    table(figures),
    ...fits,
    ...notes.map((note) => note.trim()),
    [where, ...against].join(' '),
  ].join('\n\n');
}

function line(figure: Figure): string {
  const { what, against, ours, theirs, asked } = figure;
  const ratio = timesBetter(figure);
  const reached = isReached(figure);
  const cells = [
    what,
    against ?? '',
    quantity(ours),
    theirs === null ? '' : quantity(theirs),
    ratio === null
      ? ''
      : asked !== null && 'timesAsMuch' in asked
        ? `${digits(1 / ratio)} x theirs`
        : `${digits(ratio)} x`,
    asked === null ? '' : goal(asked, ours),
    reached === null ? '' : reached ? 'yes' : '**no**',
  ];
  return `| ${cells.join(' | ')} |`;
}

function goal(asked: Goal, { unit }: Quantity): string {
  if ('atMost' in asked) return `<= ${quantity({ value: asked.atMost, unit })}`;
  return 'timesBetter' in asked ? `>= ${digits(asked.timesBetter)} x` : `<= ${digits(asked.timesAsMuch)} x theirs`;
}

function quantity({ value, unit }: Quantity): string {
  return unit === '%' ? `${digits(value)} %` : `${digits(value)} ${unit}`;
}

/** Three digits that mean something. */
function digits(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

const head = ['| what | against | ours | theirs | ratio | asked | reached? |', `|${'---|'.repeat(7)}`].join('\n');

const introduction = [
  '# Benchmarks',
  `Measured, not promised, and written by \`npm run bench\` from [benchmarks.json](benchmarks.json): nothing here is edited by hand.
\`npm run bench -- NAME\` measures one part anew, \`npm run bench\` all. Peers are installed when they are first needed, into
\`bench/node_modules\` and, as root on Debian, from its packages; nothing of them ships.`,
  `Both sides of a line ran in the same run on the same machine, in turns where one operation is short. *ratio* is how many times
better ours is: below 1 theirs is; where a bound allows a multiple of theirs, it is that multiple. A line without a bound in *asked* is told because it is worth knowing.`,
];
