import type { Growth } from './bench.ts';

/** All panels of growth in one SVG, two beside each other. */
export function drawChart(panels: readonly Growth[]): string {
  const rows = Math.ceil(panels.length / COLUMNS);
  const [width, height] = [COLUMNS * PANEL.width, Math.max(1, rows) * PANEL.height];
  const drawn = panels.map((panel, i) => {
    const [x, y] = [(i % COLUMNS) * PANEL.width, Math.floor(i / COLUMNS) * PANEL.height];
    return `<g transform="translate(${x} ${y})">\n${drawPanel(panel)}\n</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">
<title>How figures grow</title>
<rect width="${width}" height="${height}" fill="#fff"/>
${drawn.join('\n')}
</svg>
`;
}

function drawPanel({ title, x, y, lines }: Growth): string {
  const points = lines.flatMap((line) => line.points);
  const [right, top] = [
    roundUp(Math.max(...points.map(([at]) => at))),
    roundUp(Math.max(...points.map(([, to]) => to))),
  ];
  const place = ([at, to]: readonly [number, number]): string =>
    `${(AREA.left + (at / right) * AREA.width).toFixed(1)},${(AREA.top + AREA.height - (to / top) * AREA.height).toFixed(1)}`;
  return [
    text(AREA.left, 16, title, 'font-weight="bold"'),
    ...grid(right, top),
    text(AREA.left + AREA.width, AREA.top + AREA.height + 30, x, 'text-anchor="end"'),
    text(AREA.left, AREA.top - 6, y),
    ...lines.flatMap((line, i) => {
      const colour = COLOURS[i % COLOURS.length];
      const dots = line.points.map((point) => `<circle r="2.5" fill="${colour}" ${centre(place(point))}/>`);
      const path = `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${line.points.map(place).join(' ')}"/>`;
      return [path, ...dots, text(AREA.left + 8, AREA.top + 14 + 14 * i, line.name, `fill="${colour}"`)];
    }),
  ].join('\n');
}

function grid(right: number, top: number): string[] {
  const steps = [0, 0.25, 0.5, 0.75, 1];
  const bottom = AREA.top + AREA.height;
  return steps.flatMap((part) => {
    const [x, y] = [AREA.left + part * AREA.width, bottom - part * AREA.height];
    return [
      `<path d="M${AREA.left} ${y}h${AREA.width}" stroke="#ddd"/>`,
      text(AREA.left - 4, y + 4, label(part * top), 'text-anchor="end" fill="#666"'),
      text(x, bottom + 15, label(part * right), 'text-anchor="middle" fill="#666"'),
    ];
  });
}

function text(x: number, y: number, words: string, attributes = ''): string {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<text x="${x}" y="${y}" ${attributes}>${escaped}</text>`;
}

function centre(place: string): string {
  const [x, y] = place.split(',');
  return `cx="${x}" cy="${y}"`;
}

/** The next number of one or two digits that quarters well. */
function roundUp(value: number): number {
  if (value <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return (STEPS.find((step) => step * unit >= value) ?? 10) * unit;
}

function label(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en');
}

const COLUMNS = 2;
const PANEL = { width: 420, height: 280 } as const;
const AREA = { left: 60, top: 40, width: 330, height: 190 } as const;
const STEPS = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 5, 6, 8] as const;
const COLOURS = ['#0b6e4f', '#c1440e', '#2b50aa', '#7a5195', '#8a6d00'] as const;
