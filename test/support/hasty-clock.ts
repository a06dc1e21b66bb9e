import type { Clock } from '@sotto/keybox';
import { systemClock } from '@sotto/keybox-node';

/** The system's clock for clients that try again sooner: pauses of up to two seconds take a quarter of their time. */
export const hastyClock: Clock = {
  now: systemClock.now,
  sleep: (milliseconds, signal) => systemClock.sleep(milliseconds > 2000 ? milliseconds : milliseconds / 4, signal),
};
