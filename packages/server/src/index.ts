export { type BackupOptions, backupServer } from './backup/backup.ts';
export type { Manifest } from './backup/manifest.ts';
export { type Restored, type RestoreOptions, restoreServer } from './backup/restore.ts';
export { type Problem, type Verification, verifyBackup, verifyData } from './backup/verify.ts';
export { type ServerUsageCode, ServerUsageFault } from './fault.ts';
export type { Handler, HandlerContext, Handlers } from './handler.ts';
export { defaultLimits, type ServerLimits } from './limits.ts';
export { createLogger, errorFacts, type Logger, type LogLevel, logLevels } from './log.ts';
export { type DatabaseOptions, type RunningServer, type ServerOptions, startServer } from './server.ts';
