import { buildRouteMap, type RouteMap } from '@stricli/core';
import type { PassphraseFlags } from '../actions/passphrase.ts';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { accountEnrolment } from './enrol.ts';
import { address, smallCount, text, wholeNumber } from './parameters.ts';
import { profile } from './profile.ts';

export type CreateFlags = {
  readonly invitation: string;
  readonly suite: string;
  readonly roaming?: 'on' | 'off' | 'passphrase+kit';
  readonly generate: boolean;
  readonly kit?: string;
  readonly vault: 'normal' | 'advanced';
  readonly device: string;
};

export const account: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'Sign up or sign in, show the own account, lock it' },
  routes: {
    create: command<CreateFlags, [name: string]>({
      brief: 'Sign up with an invitation and make this device',
      details:
        'The passphrase never leaves this machine. The fingerprint that is printed at the end is what your contacts verify. If it is interrupted, run it again: it goes on where it was.',
      examples: [
        "sotto account create alice --invitation 'https://home.example.org/i/CODE#ca=FINGERPRINT'",
        'sotto account create alice --invitation URL --suite classic   # RSA, for openssl and S/MIME',
      ],
      parameters: {
        flags: {
          invitation: { kind: 'parsed', parse: text, brief: 'The link that you were given', placeholder: 'URL' },
          suite: {
            kind: 'parsed',
            parse: text,
            brief: 'classic, hybrid, or the name of a third-party suite',
            default: 'hybrid',
          },
          roaming: {
            kind: 'enum',
            values: ['on', 'off', 'passphrase+kit'],
            brief: 'Whether the passphrase (and the recovery key) signs in elsewhere; on with --generate, else off',
            optional: true,
          },
          generate: {
            kind: 'boolean',
            brief: 'Make the passphrase: six words; into --passphrase-file if that is new',
            default: false,
            withNegated: false,
          },
          kit: {
            kind: 'parsed',
            parse: text,
            brief: 'File for the recovery kit of --roaming passphrase+kit',
            optional: true,
            placeholder: 'FILE',
          },
          vault: {
            kind: 'enum',
            values: ['normal', 'advanced'],
            brief: 'advanced: a second passphrase, known to this device alone',
            default: 'normal',
          },
          device: { kind: 'parsed', parse: text, brief: 'Name of this device', default: 'laptop', placeholder: 'NAME' },
        },
        positional: {
          kind: 'tuple',
          parameters: [{ brief: 'The name before the @', parse: text, placeholder: 'NAME' }],
        },
      },
      load: async () => (await import('../actions/account-create.ts')).createAccount,
    }),
    ...accountEnrolment,
    list: command({
      brief: 'List the accounts of this installation',
      details:
        'Commands mean the account that --account or SOTTO_ACCOUNT names, else the current one, which is marked with *.',
      examples: ['sotto account list', 'sotto account list --json'],
      parameters: {},
      load: async () => (await import('../actions/accounts.ts')).listAccounts,
    }),
    switch: command<Record<never, never>, [address: string]>({
      brief: 'Make another account the current one',
      examples: ['sotto account switch alice@example.org'],
      parameters: { positional: { kind: 'tuple', parameters: [address] } },
      load: async () => (await import('../actions/accounts.ts')).switchAccount,
    }),
    show: command({
      brief: 'Show address, fingerprint and devices',
      examples: ['sotto account show', 'sotto account show --json'],
      parameters: {},
      load: async () => (await import('../actions/account.ts')).showAccount,
    }),
    card: command({
      brief: 'Print the business card: what others need to add and verify you',
      examples: ['sotto account card', 'sotto account card --json'],
      parameters: {},
      load: async () => (await import('../actions/account.ts')).showCard,
    }),
    policy: command<{ readonly accept?: number }>({
      brief: 'Show the rules of your organisation, and agree to those that need it',
      details: 'Some changes hold for you only once you have agreed; until then the stricter of both is obeyed.',
      examples: ['sotto account policy', 'sotto account policy --accept 3'],
      parameters: {
        flags: {
          accept: {
            kind: 'parsed',
            parse: wholeNumber,
            brief: 'Agree to what waits in it',
            optional: true,
            placeholder: 'VERSION',
          },
        },
      },
      load: async () => (await import('../actions/admin/policy.ts')).showOwnPolicy,
    }),
    profile,
    passphrase: buildRouteMap<string, CliContext>({
      docs: { brief: 'The passphrase of the account' },
      routes: {
        change: command<PassphraseFlags>({
          brief: 'Set a new passphrase',
          details:
            'The old one, even with a copy of what the server has today, opens nothing that is written afterwards. Your other devices ask for the new one at their next start.',
          examples: ['sotto account passphrase change', 'sotto account passphrase change --roaming off'],
          parameters: {
            flags: {
              newPassphraseFile: {
                kind: 'parsed',
                parse: text,
                brief: 'File whose first line is the new passphrase',
                optional: true,
                placeholder: 'F',
              },
              roaming: {
                kind: 'enum',
                values: ['on', 'off'],
                brief: 'Whether address and passphrase are enough to sign in elsewhere; as it is unless said',
                optional: true,
              },
            },
          },
          load: async () => (await import('../actions/passphrase.ts')).changePassphrase,
        }),
      },
    }),
    lock: command({
      brief: 'Lock this device: forget what lets it unlock offline',
      details: 'The next command needs the passphrase and the server.',
      examples: ['sotto account lock'],
      parameters: {},
      load: async () => (await import('../actions/account-lock.ts')).lockAccount,
    }),
  },
});

export const invitation: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'Invite people to this server' },
  routes: {
    create: command<{ readonly count: number }>({
      brief: 'Make invitations, one link a line',
      details: 'Each link is good for one account. Only owner and admins of the organisation may invite.',
      examples: ['sotto invitation create', 'sotto invitation create --count 10 > links.txt'],
      parameters: {
        flags: { count: { kind: 'parsed', parse: smallCount, brief: 'How many', default: '1', placeholder: 'N' } },
      },
      load: async () => (await import('../actions/account.ts')).createInvitations,
    }),
  },
});
