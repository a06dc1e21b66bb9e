import { writeFileSync } from 'node:fs';
import { type CrashPointName, crashPointNames } from './crash-points.ts';
import { SeededNumbers } from './random.ts';

/** One kill: where, and at the how-many-th time there. */
export interface Kill {
  readonly point: CrashPointName;
  readonly count: number;
}

/** How often each point is passed at least in what a test does at it; once where it is not named. */
export type Passes = Partial<Readonly<Record<CrashPointName, number>>>;

/**
 * `kills` kills at the points whose names begin with `prefix`: at each one first, then at those that are passed often,
 * at moments that the seed decides.
 */
export function planKills(
  prefix: string,
  { kills, seed, passes }: { readonly kills: number; readonly seed: string; readonly passes: Passes },
): readonly Kill[] {
  const numbers = new SeededNumbers(seed);
  const points = crashPointNames.filter((name) => name.startsWith(prefix));
  const often = points.filter((name) => (passes[name] ?? 1) > 1);
  const plan = points.map((point) => ({ point, count: 1 }));
  while (plan.length < kills) {
    const point = (plan.length % 4 === 3 ? points : often)[numbers.below(often.length)] as CrashPointName;
    plan.push({ point, count: 1 + numbers.below(passes[point] ?? 1) });
  }
  return plan;
}

/** The file by which programs with crash points are told where to die. */
export class Trigger {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    this.rest();
  }

  arm({ point, count }: Kill): void {
    writeFileSync(this.path, `${point}:${count}`);
  }

  rest(): void {
    writeFileSync(this.path, '');
  }
}
