/** Converts to 48 kHz by a windowed sinc (Hann, 16 zero crossings to each side), below half of the lower rate. */
export function resample(samples: Int16Array, rate: number): Int16Array {
  if (rate === TARGET) return samples;
  const cutoff = Math.min(1, TARGET / rate);
  const reach = Math.ceil(CROSSINGS / cutoff);
  return Int16Array.from({ length: Math.floor((samples.length * TARGET) / rate) }, (_, i) => {
    const centre = (i * rate) / TARGET;
    let sum = 0;
    for (let k = Math.ceil(centre - reach); k <= centre + reach; k++) {
      sum += (samples[k] ?? 0) * kernel((k - centre) * cutoff);
    }
    return Math.max(-32_768, Math.min(32_767, Math.round(sum * cutoff)));
  });
}

function kernel(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= CROSSINGS) return 0;
  const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / CROSSINGS);
  return (window * Math.sin(Math.PI * x)) / (Math.PI * x);
}

const TARGET = 48_000;
const CROSSINGS = 16;
