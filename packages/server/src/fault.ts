import { UsageFault } from '@sotto/bytes';

/** Why a server does not start. */
export type ServerUsageCode =
  | 'data-in-use'
  | 'data-unusable'
  | 'domain-mismatch'
  | 'listen-malformed'
  | 'listen-failed'
  | 'plain-http-refused'
  | 'url-malformed'
  | 'tls-unusable';

export class ServerUsageFault extends UsageFault<ServerUsageCode> {}
