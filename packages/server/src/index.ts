export { type ServerUsageCode, ServerUsageFault } from './fault.ts';
export { defaultLimits, type ServerLimits } from './limits.ts';
export { createLogger, errorFacts, type Logger, type LogLevel, logLevels } from './log.ts';
export { type RunningServer, type ServerOptions, startServer } from './server.ts';
