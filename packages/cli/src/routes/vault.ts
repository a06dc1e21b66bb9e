import { buildRouteMap, type RouteMap } from '@stricli/core';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { keyRequestRoutes } from './key-requests.ts';
import { text } from './parameters.ts';

export const vault: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'The encrypted storage of this device' },
  routes: {
    check: command({
      brief: 'Prove that everything kept on this disk is encrypted',
      details:
        'Each part is tried without a key and with a wrong one, and its bytes are searched. Exit code 1 if any part fails.',
      examples: ['sotto vault check'],
      parameters: {},
      load: async () => (await import('../actions/vault.ts')).checkVault,
    }),
  },
});

export const log: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'What happened to keys, devices and trust' },
  routes: {
    list: command({
      brief: 'List the key log, oldest first',
      examples: ['sotto log list', 'sotto log list --json | jq -r .text'],
      parameters: {},
      load: async () => (await import('../actions/vault.ts')).listKeyLog,
    }),
  },
});

export const audit: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'Verify everything once more' },
  routes: {
    status: command({
      brief: 'Say how much was verified again while the account was open',
      details: 'The agent does so while nothing else is to do. Exit code 1 if a room failed.',
      examples: ['sotto audit status'],
      parameters: {},
      load: async () => (await import('../actions/vault.ts')).showAudit,
    }),
    run: command({
      brief: 'Verify all chains, logs and era tables again, from the first byte',
      details: 'One line a subject; exit code 1 if any fails.',
      examples: ['sotto audit run'],
      parameters: {},
      load: async () => (await import('../actions/vault.ts')).runAudit,
    }),
  },
});

export const key: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'Certificates, key files, and keys that members ask for' },
  routes: {
    ...keyRequestRoutes,
    certificate: command<{ readonly use: 'encryption' | 'signature' }>({
      brief: 'Print a certificate of this account as PEM',
      details: 'Only classic accounts have one that others encrypt to.',
      examples: ['sotto key certificate > alice.pem', 'sotto key certificate --use signature'],
      parameters: {
        flags: { use: { kind: 'enum', values: ['encryption', 'signature'], brief: 'What for', default: 'encryption' } },
      },
      load: async () => (await import('../actions/key.ts')).printCertificate,
    }),
    export: command<{ readonly p12: string; readonly exportPassphraseFile?: string; readonly force: boolean }>({
      brief: 'Write certificates and keys into a PKCS#12 file under a passphrase of your choice',
      examples: ['sotto key export --p12 alice.p12', 'openssl pkcs12 -in alice.p12 -info -noout'],
      parameters: {
        flags: {
          p12: { kind: 'parsed', parse: text, brief: 'File to write', placeholder: 'F' },
          exportPassphraseFile: {
            kind: 'parsed',
            parse: text,
            brief: 'File whose first line is its passphrase',
            optional: true,
            placeholder: 'F',
          },
          force: { kind: 'boolean', brief: 'Replace the file if it exists', default: false, withNegated: false },
        },
      },
      load: async () => (await import('../actions/key.ts')).exportKeys,
    }),
  },
});

export type SealFlags = {
  readonly to?: readonly string[];
  readonly certificate?: readonly string[];
  readonly out?: string;
};

export const container: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'Sealed files for people inside and outside, as in S/MIME' },
  routes: {
    seal: command<SealFlags>({
      brief: 'Seal standard input for contacts and certificates',
      details: 'You can open it yourself, too. Without --out it goes to standard output.',
      examples: [
        'sotto container seal --to bob@example.org --out report.p7m < report.pdf',
        'sotto container seal --certificate partner.pem --out report.p7m < report.pdf',
      ],
      parameters: {
        flags: {
          to: {
            kind: 'parsed',
            parse: text,
            brief: 'Contact who can open it',
            optional: true,
            variadic: true,
            placeholder: 'ADDRESS',
          },
          certificate: {
            kind: 'parsed',
            parse: text,
            brief: 'Certificate (PEM) of somebody who can open it',
            optional: true,
            variadic: true,
            placeholder: 'CERT.pem',
          },
          out: { kind: 'parsed', parse: text, brief: 'File to write', optional: true, placeholder: 'F' },
        },
      },
      load: async () => (await import('../actions/container.ts')).sealContainer,
    }),
    open: command<Record<never, never>, [file: string]>({
      brief: 'Open a container to standard output; who signed it goes to standard error',
      examples: ['sotto container open report.p7m > report.pdf'],
      parameters: {
        positional: {
          kind: 'tuple',
          parameters: [{ brief: 'File (DER), or - for standard input', parse: text, placeholder: 'F' }],
        },
      },
      load: async () => (await import('../actions/container.ts')).openContainer,
    }),
  },
});
