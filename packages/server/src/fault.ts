import { UsageFault } from '@sotto/bytes';

/** Why a server does not start, or is not copied or restored. */
export type ServerUsageCode =
  | 'audit-log-unusable'
  | 'backup-damaged'
  | 'backup-missing'
  | 'backup-passphrase'
  | 'data-in-use'
  | 'data-unusable'
  | 'database-in-use'
  | 'database-malformed'
  | 'database-mismatch'
  | 'database-password-exposed'
  | 'database-unreachable'
  | 'database-unusable'
  | 'domain-mismatch'
  | 'listen-malformed'
  | 'listen-failed'
  | 'keys-mismatch'
  | 'plain-http-refused'
  | 'replica-foreign'
  | 'replica-malformed'
  | 'replica-unreachable'
  | 'schema-newer'
  | 'target-not-empty'
  | 'target-unusable'
  | 'url-malformed'
  | 'tls-unusable'
  | 'web-client-unusable';

export class ServerUsageFault extends UsageFault<ServerUsageCode> {}
