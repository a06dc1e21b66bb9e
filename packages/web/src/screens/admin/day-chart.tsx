import { type JSX, useEffect, useRef } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import styles from './admin.module.css';

interface Day {
  readonly day: number;
  readonly count: number;
}

/** Counts by day as bars. What it shows is in its name; the exact numbers are in the table beside it. */
export function DayChart({
  label,
  days,
  dayWords,
}: {
  readonly label: string;
  readonly days: readonly Day[];
  readonly dayWords: (day: number) => string;
}): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = frame.current;
    if (place === null) return;
    let chart = draw(place, { days, dayWords });
    const redraw = (): void => {
      chart.destroy();
      chart = draw(place, { days, dayWords });
    };
    const sizes = new ResizeObserver(redraw);
    sizes.observe(place);
    // The canvas knows no tokens: it is painted anew when the theme is another.
    const themes = matchMedia('(prefers-color-scheme: dark)');
    themes.addEventListener('change', redraw);
    return () => {
      sizes.disconnect();
      themes.removeEventListener('change', redraw);
      chart.destroy();
    };
  }, [days, dayWords]);
  const told = days.map(({ day, count }) => `${dayWords(day)}: ${count}`).join('; ');
  return <div ref={frame} className={styles['chart']} role="img" aria-label={`${label}. ${told}`} />;
}

function draw(
  place: HTMLElement,
  { days, dayWords }: { readonly days: readonly Day[]; readonly dayWords: (day: number) => string },
): UPlot {
  const [ink, line, accent] = ['--ink-soft', '--line', '--accent'].map((token) => colour(place, token)) as [
    string,
    string,
    string,
  ];
  const font = `12px ${getComputedStyle(place).fontFamily}`;
  const axis = { stroke: ink, font, grid: { stroke: line, width: 1 }, ticks: { show: false } };
  const bars = UPlot.paths.bars?.({ size: [0.6, 48] });
  const positions = days.map((_, i) => i);
  return new UPlot(
    {
      width: place.clientWidth,
      height: HEIGHT,
      cursor: { show: false },
      legend: { show: false },
      scales: {
        x: { time: false, range: [-0.6, days.length - 0.4] },
        y: { range: (_, __, most) => [0, Math.max(4, most * 1.1)] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          splits: positions,
          values: (_, splits) =>
            splits.map((i) => shortened(dayWords(days[i]?.day ?? 0), place.clientWidth / days.length)),
        },
        { ...axis, size: 44, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10_000, 100_000] },
      ],
      series: [
        {},
        { fill: accent, stroke: accent, points: { show: false }, ...(bars === undefined ? {} : { paths: bars }) },
      ],
    },
    [positions, days.map(({ count }) => count)],
    place,
  );
}

/** The day of the week alone where there is no more space. */
function shortened(words: string, width: number): string {
  return width < 80 ? (words.split(/[,.\s]/)[0] ?? words) : words;
}

/** A token as the colour that it is now. */
function colour(place: HTMLElement, token: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  place.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

const HEIGHT = 240;
