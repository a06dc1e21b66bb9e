import { proposeCompletions } from '@stricli/core';
import type { Run } from '../command.ts';
import { CliFault } from '../fault.ts';

type None = Readonly<Record<never, never>>;

export async function printCompletion({ output }: Run, _: None, shell: string): Promise<void> {
  const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
  if (script === undefined) throw new CliFault('usage', `no completion for ${shell}: bash, zsh or fish`);
  output.value({ shell, script }, () => script);
}

/** One proposal a line, with what it means behind a tab. */
export async function propose(
  { output, world, application }: Run,
  _: None,
  ...words: readonly string[]
): Promise<void> {
  const silent = { write: (): void => {} };
  const context = { world, application, end: (): void => {}, process: { stdout: silent, stderr: silent } };
  const proposals = await proposeCompletions(application, words.length === 0 ? [''] : words, context);
  output.list(proposals, () => proposals.map(({ completion, brief }) => `${completion}\t${brief}`).join('\n'));
}

const scripts: Readonly<Record<string, string>> = {
  bash: `_sotto() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(sotto complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1)" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _sotto sotto
`,
  zsh: `_sotto() {
  local -a proposals
  proposals=(\${(f)"$(sotto complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null | sed 's/:/\\\\:/g; s/\\t/:/')"})
  _describe sotto proposals
}
compdef _sotto sotto
`,
  fish: `complete -c sotto -a '(sotto complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
};
