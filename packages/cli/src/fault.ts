import { UsageFault } from '@sotto/bytes';

/**
 * What only a command line can meet. `usage`: words that are no command, flag or value of it. `input-needed`: a question
 * that cannot be asked, because nobody is at a terminal.
 * `audit-failed` and `vault-not-encrypted` end commands that
 * found what they were to look for.
 */
export type CliCode =
  | 'usage'
  | 'input-needed'
  | 'cancelled'
  | 'file-unreadable'
  | 'file-unwritable'
  | 'audit-failed'
  | 'vault-not-encrypted'
  // What the client core says too, in commands that do not load it.
  | 'locked'
  | 'not-found'
  | 'ambiguous'
  | 'unreachable';

/** A call that came to nothing. */
export type CliCallCode =
  | 'call-declined'
  | 'call-occupied'
  | 'call-unanswered'
  | 'call-unheard'
  | 'call-elsewhere'
  | 'call-failed'
  | 'call-peer-failed';

export class CliFault extends UsageFault<CliCode | CliCallCode> {}
