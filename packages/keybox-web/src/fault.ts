import { UsageFault } from '@sotto/bytes';

/**
 * `worker-lost`: the tab that held the vaults was closed in the middle of a call, which may have been done all the same.
 * `other-server`: an invitation or account of another home server than the one that this page comes from.
 * `vaults-unusable`: nothing can be stored here.
 */
export type WebUsageCode = 'worker-lost' | 'method-unknown' | 'other-server' | 'vaults-unusable';

export class WebUsageFault extends UsageFault<WebUsageCode> {}
