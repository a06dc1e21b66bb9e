/** A number of bytes for people: three digits at most, decimal units. */
export function sizeText(bytes: number, format: string): string {
  const step = UNITS.findLastIndex((_, i) => bytes >= 1000 ** i);
  const i = Math.max(0, step);
  const value = bytes / 1000 ** i;
  const digits = i === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const unit = UNITS[i] as (typeof UNITS)[number];
  return new Intl.NumberFormat(format, {
    style: 'unit',
    unit,
    unitDisplay: i === 0 ? 'long' : 'short',
    maximumFractionDigits: digits,
  }).format(value);
}

/** A time that something takes: seconds up to a minute and a half, then minutes, then hours. */
export function durationText(seconds: number, format: string): string {
  const [value, unit] =
    seconds < 90
      ? [seconds, 'second' as const]
      : seconds < 5400
        ? [seconds / 60, 'minute' as const]
        : [seconds / 3600, 'hour' as const];
  const rounded = Math.max(1, Math.round(value));
  return new Intl.NumberFormat(format, { style: 'unit', unit, unitDisplay: 'long' }).format(rounded);
}

/** Position in a recording, as `1:05`. */
export function clockText(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
