import type { Command } from '@stricli/core';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { text } from './parameters.ts';

export const schema: Command<CliContext> = command({
  brief: 'Print the tree of commands, flags and exit codes as JSON',
  examples: ['sotto schema | jq .commands'],
  parameters: {},
  load: async () => (await import('../actions/schema.ts')).printSchema,
});

export const completion: Command<CliContext> = command<Record<never, never>, [shell: string]>({
  brief: 'Print the completion of a shell',
  examples: ['eval "$(sotto completion bash)"', 'sotto completion fish | source'],
  parameters: {
    positional: { kind: 'tuple', parameters: [{ brief: 'bash, zsh or fish', parse: text, placeholder: 'SHELL' }] },
  },
  load: async () => (await import('../actions/completion.ts')).printCompletion,
});

/** What the scripts of `completion` call: the words of the line so far, the last one unfinished. */
export const complete: Command<CliContext> = command<Record<never, never>, readonly string[]>({
  brief: 'Propose how a command line may go on',
  examples: ['sotto complete -- room a'],
  parameters: { positional: { kind: 'array', parameter: { brief: 'Words', parse: text, placeholder: 'WORD' } } },
  load: async () => (await import('../actions/completion.ts')).propose,
});
