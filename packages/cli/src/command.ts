import {
  type Application,
  type BaseArgs,
  type BaseFlags,
  buildCommand,
  type Command,
  type TypedCommandParameters,
} from '@stricli/core';
import type { CliContext, World } from './context.ts';
import { type Dialogue, openDialogue } from './dialogue.ts';
import type { ExitCode } from './outcome.ts';
import { type Output, openOutput } from './output.ts';

/** What every command can be told. */
export interface CommonFlags {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly yes: boolean;
  readonly noInput: boolean;
  readonly account?: string;
  readonly passphraseFile?: string;
  readonly vaultPassphraseFile?: string;
  readonly suiteModule?: readonly string[];
}

/** What a command works with. */
export interface Run {
  readonly world: World;
  readonly application: Application<CliContext>;
  readonly output: Output;
  readonly dialogue: Dialogue;
  readonly common: CommonFlags;
}

/** The work of a command. Resolves with an exit code if it is not 0; throws faults. */
type Action<Flags extends BaseFlags, Args extends BaseArgs> = (
  run: Run,
  flags: Flags,
  ...args: Args
  // biome-ignore lint/suspicious/noConfusingVoidType: most actions have nothing to say about their end
) => Promise<ExitCode | void>;

export interface CommandSpec<Flags extends BaseFlags, Args extends BaseArgs> {
  readonly brief: string;
  /** More than the brief says, for `--help`. */
  readonly details?: string;
  /** Whole command lines. */
  readonly examples: readonly string[];
  readonly parameters: TypedCommandParameters<Flags, Args, CliContext>;
  /** Loaded when the command runs, so that others start fast. */
  readonly load: () => Promise<Action<Flags, Args>>;
}

/** A command with the flags that all have, whose faults end as a message and an exit code. */
export function command<Flags extends BaseFlags = Record<never, never>, Args extends BaseArgs = []>(
  spec: CommandSpec<Flags, Args>,
): Command<CliContext> {
  const parameters = { ...spec.parameters, flags: { ...spec.parameters.flags, ...commonFlags } };
  return buildCommand<Flags & CommonFlags, Args, CliContext>({
    docs: {
      brief: spec.brief,
      // Made when it is asked for: a hundred commands are built for each that runs.
      get fullDescription() {
        return describe(spec);
      },
    },
    // The compiler cannot see that flags of both kinds together are the flags of the sum.
    parameters: parameters as unknown as TypedCommandParameters<Flags & CommonFlags, Args, CliContext>,
    loader: async () =>
      async function run(this: CliContext, flags: Flags & CommonFlags, ...args: Args): Promise<void> {
        const output = openOutput(this.world, flags);
        const dialogue = openDialogue(this.world, { input: !flags.noInput && !flags.json, yes: flags.yes });
        try {
          const action = await spec.load();
          this.end((await action({ ...this, output, dialogue, common: flags }, flags, ...args)) ?? 0);
        } catch (cause) {
          const { reportFailure } = await import('./failure.ts');
          this.end(reportFailure(this.world, cause, flags));
        }
      },
  });
}

type Described = { readonly brief: string; readonly details?: string; readonly examples: readonly string[] };

function describe({ brief, details, examples }: Described): string {
  const text = details === undefined ? `${brief}.` : `${brief}. ${details}`;
  return [wrap(text), '', 'EXAMPLES', ...examples.map((example) => `  ${example}`)].join('\n');
}

/** Lines of at most 100 characters. */
function wrap(text: string): string {
  return text.replaceAll(/(?![^\n]{1,100}$)([^\n]{1,100})\s/g, '$1\n');
}

const text = (input: string): string => input;

const commonFlags = {
  json: { kind: 'boolean', brief: 'Answer in JSON, lists one item a line', default: false, withNegated: false },
  quiet: { kind: 'boolean', brief: 'Leave out remarks and confirmations', default: false, withNegated: false },
  yes: { kind: 'boolean', brief: 'Answer every question of confirmation with yes', default: false, withNegated: false },
  noInput: { kind: 'boolean', brief: 'Never ask; fail instead', default: false, withNegated: false },
  account: {
    kind: 'parsed',
    parse: text,
    brief: 'Which account, if the profile has several',
    optional: true,
    placeholder: 'ADDRESS',
  },
  passphraseFile: {
    kind: 'parsed',
    parse: text,
    brief: 'File whose first line is the passphrase',
    optional: true,
    placeholder: 'F',
  },
  vaultPassphraseFile: {
    kind: 'parsed',
    parse: text,
    brief: 'The same for the second passphrase of --vault advanced',
    optional: true,
    placeholder: 'F',
  },
  suiteModule: {
    kind: 'parsed',
    parse: text,
    brief: 'Module of a third-party suite',
    optional: true,
    variadic: true,
    placeholder: 'PATH',
  },
} as const;
