import type { World } from './context.ts';
import { CliFault } from './fault.ts';

/** Questions to the person at the terminal; where there is none, each throws `input-needed`. */
export interface Dialogue {
  readonly canAsk: boolean;
  secret(question: string): Promise<string>;
  text(question: string): Promise<string>;
  /** Resolves if nobody can be asked, `--yes` is given or the answer is yes. Throws `cancelled`. */
  confirm(question: string): Promise<void>;
}

export function openDialogue(
  { stdin, stderr }: World,
  { input, yes }: { readonly input: boolean; readonly yes: boolean },
): Dialogue {
  const canAsk = input && stdin.isTTY === true && stderr.isTTY === true;
  // Questions go to stderr: stdout may be a file.
  const streams = { input: stdin, output: stderr, withGuide: false };
  return {
    canAsk,
    secret: async (message) => {
      if (!canAsk) throw new CliFault('input-needed', `${message.toLowerCase()}: not given, and nobody to ask`);
      const { password } = await import('@clack/prompts');
      return answered(await password({ message, ...streams, validate: demand }));
    },
    text: async (message) => {
      if (!canAsk) throw new CliFault('input-needed', `${message.toLowerCase()}: not given, and nobody to ask`);
      const { text } = await import('@clack/prompts');
      return answered(await text({ message, ...streams, validate: demand }));
    },
    confirm: async (message) => {
      if (!canAsk || yes) return;
      const { confirm } = await import('@clack/prompts');
      if (answered(await confirm({ message, ...streams, initialValue: false }))) return;
      throw cancelled();
    },
  };
}

function answered<Answer>(answer: Answer): Exclude<Answer, symbol> {
  if (typeof answer === 'symbol') throw cancelled();
  return answer as Exclude<Answer, symbol>;
}

function cancelled(): CliFault {
  return new CliFault('cancelled', 'cancelled');
}

function demand(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? 'Please type something, or press Ctrl-C' : undefined;
}
