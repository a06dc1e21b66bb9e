import { buildRouteMap, type RouteMap } from '@stricli/core';
import { command } from '../../command.ts';
import type { CliContext } from '../../context.ts';
import { text } from '../parameters.ts';

export type PolicyKeyFlags = { readonly keyPassphraseFile?: string; readonly force: boolean };

const load = () => import('../../actions/admin/policy.ts');
const changes = {
  kind: 'array',
  parameter: { brief: 'A field and its new value', parse: text, placeholder: 'FIELD=VALUE' },
  minimum: 1,
} as const;
const keyPassphraseFile = {
  kind: 'parsed',
  parse: text,
  brief: 'File whose first line is the passphrase of the exported key',
  optional: true,
  placeholder: 'F',
} as const;

export const policy: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'The signed rules of the organisation' },
  defaultCommand: 'show',
  routes: {
    show: command({
      brief: 'Show every field: what is in force here, what the newest version says',
      examples: ['sotto admin policy', 'sotto admin policy show --json'],
      parameters: {},
      load: async () => (await load()).showPolicy,
    }),
    set: command<Record<never, never>, string[]>({
      brief: 'Change fields: sign and publish the next version',
      details:
        'Needs the policy key, which the first owner has. Values: on, off, a number, a word, none, a,b,c for lists.',
      examples: ['sotto admin policy set max-members=50 export=off', 'sotto admin policy set suites=hybrid'],
      parameters: { positional: changes },
      load: async () => (await load()).setPolicy,
    }),
    'dry-run': command<Record<never, never>, string[]>({
      brief: 'Show what a change would tighten or loosen, and whom it affects; publish nothing',
      examples: ['sotto admin policy dry-run max-devices=2 verified-only=on'],
      parameters: { positional: changes },
      load: async () => (await load()).tryPolicy,
    }),
    history: command({
      brief: 'List all versions and what each changed',
      examples: ['sotto admin policy history', 'sotto admin policy history --json'],
      parameters: {},
      load: async () => (await load()).showHistory,
    }),
  },
});

export const policyKey: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'The key that signs policies' },
  routes: {
    export: command<PolicyKeyFlags, [path: string]>({
      brief: 'Write a copy of the policy key under a passphrase',
      details:
        'Keep it offline: without the key no policy can ever be changed, and whoever has it and its passphrase can.',
      examples: ['sotto admin policy-key export policy.key'],
      parameters: {
        flags: {
          keyPassphraseFile,
          force: { kind: 'boolean', brief: 'Replace a file that exists', default: false, withNegated: false },
        },
        positional: { kind: 'tuple', parameters: [{ brief: 'The new file', parse: text, placeholder: 'FILE' }] },
      },
      load: async () => (await load()).exportPolicyKey,
    }),
    import: command<Omit<PolicyKeyFlags, 'force'>, [path: string]>({
      brief: 'Take an exported policy key into this vault',
      examples: ['sotto admin policy-key import policy.key'],
      parameters: {
        flags: { keyPassphraseFile },
        positional: { kind: 'tuple', parameters: [{ brief: 'The exported file', parse: text, placeholder: 'FILE' }] },
      },
      load: async () => (await load()).importPolicyKey,
    }),
  },
});
