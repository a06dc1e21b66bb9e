import { Fault } from '@sotto/bytes';
import { pino } from 'pino';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Facts of one line. Never an address, a room, a fingerprint, a key or a person's words: those types do not fit. */
export type LogFacts = Readonly<Record<string, string | number | boolean>>;

/** What the server says about its own running, a JSON line each. Never who talks with whom, at any level. */
export interface Logger {
  debug(event: string, facts?: LogFacts): void;
  info(event: string, facts?: LogFacts): void;
  warn(event: string, facts?: LogFacts): void;
  error(event: string, facts?: LogFacts): void;
}

/** Lines of at least `level` to `write`, by default to standard error. */
export function createLogger(level: LogLevel, write?: (line: string) => void): Logger {
  const destination = write === undefined ? pino.destination({ dest: 2, sync: true }) : { write };
  const options = { level, base: {}, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'event' };
  const lines = pino({ ...options, formatters: { level: (label) => ({ level: label }) } }, destination);
  return {
    debug: (event, facts = {}) => lines.debug(facts, event),
    info: (event, facts = {}) => lines.info(facts, event),
    warn: (event, facts = {}) => lines.warn(facts, event),
    error: (event, facts = {}) => lines.error(facts, event),
  };
}

/**
 * What of an error may be written down: its kind, its code and where it happened. The message stays out, because
 * nobody can promise that a library's message quotes nothing.
 */
export function errorFacts(error: unknown): LogFacts {
  if (!(error instanceof Error)) return { kind: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'none';
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const facts = {
    kind: error.name,
    code,
    at: frames
      .slice(0, 6)
      .map((frame) => frame.trim())
      .join(' < '),
  };
  const { cause } = error;
  return cause instanceof Error
    ? { ...facts, causeKind: cause.name, causeCode: cause instanceof Fault ? cause.code : codeOf(cause) }
    : facts;
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : 'none';
}
