import { UsageFault } from '@sotto/bytes';

export type HomeUsageCode = 'usage' | 'suite-module-unusable';

export class HomeUsageFault extends UsageFault<HomeUsageCode> {}

/** For a command line that cannot be obeyed. */
export function usage(message: string): HomeUsageFault {
  return new HomeUsageFault('usage', message);
}
