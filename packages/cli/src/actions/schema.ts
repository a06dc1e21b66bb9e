import type { Command, RouteMap } from '@stricli/core';
import type { Run } from '../command.ts';
import type { CliContext } from '../context.ts';
import { outcomes } from '../outcomes.ts';

/** The tree of commands with everything that they take, and the exit code of every fault. */
export async function printSchema({ output, application }: Run): Promise<void> {
  const codes = Object.entries(outcomes).map(([code, { exit, hint }]) => ({ code, exit, hint }));
  const value = { name: 'sotto', ...describe(application.root), codes };
  output.value(value, () => JSON.stringify(value, null, 2));
}

type Target = Command<CliContext> | RouteMap<CliContext>;

function describe(target: Target): object {
  if ('getAllEntries' in target) {
    const entries = target.getAllEntries().filter(({ hidden }) => !hidden);
    const commands = Object.fromEntries(
      entries.map(({ name, target: next }) => [name['convert-camel-to-kebab'], describe(next)]),
    );
    return { brief: target.brief, commands };
  }
  const { flags = {}, positional } = target.parameters;
  return {
    brief: target.brief,
    arguments: (positional?.kind === 'tuple' ? positional.parameters : [positional?.parameter])
      .filter((parameter) => parameter !== undefined)
      .map(({ placeholder, brief, optional }) => ({ name: placeholder, brief, required: optional !== true })),
    flags: Object.entries(flags).map(([name, flag]) => describeFlag(name, flag)),
  };
}

type Flag = NonNullable<Command<CliContext>['parameters']['flags']>[string];

function describeFlag(name: string, flag: Flag): object {
  return {
    name: `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    brief: flag.brief,
    type: flag.kind === 'enum' ? flag.values : flag.kind === 'boolean' ? 'boolean' : 'text',
    required: flag.kind !== 'boolean' && flag.optional !== true && !('default' in flag),
    repeatable: 'variadic' in flag && flag.variadic === true,
    ...('default' in flag && flag.default !== undefined ? { default: flag.default } : {}),
  };
}
