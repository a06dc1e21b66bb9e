import type { NewDeviceFlags } from '../actions/new-device.ts';
import { command } from '../command.ts';
import { address, text } from './parameters.ts';

export type SignInFlags = NewDeviceFlags & { readonly recoveryKeyFile?: string };

const newDevice = {
  server: { kind: 'parsed', parse: text, brief: 'Address of the home server', placeholder: 'URL' },
  caFingerprint: {
    kind: 'parsed',
    parse: text,
    brief: 'Fingerprint of its authority, from the account card or the recovery kit',
    optional: true,
    placeholder: 'F',
  },
  device: {
    kind: 'parsed',
    parse: text,
    brief: 'Name of this device; by default that of the machine',
    optional: true,
    placeholder: 'NAME',
  },
  vault: {
    kind: 'enum',
    values: ['normal', 'advanced'],
    brief: 'advanced: a second passphrase, known to this device alone',
    default: 'normal',
  },
} as const;

const recoveryKeyFile = {
  kind: 'parsed',
  parse: text,
  brief: 'File whose first line is the recovery key',
  optional: true,
  placeholder: 'F',
} as const;

/** Commands of `account` that make a device of an account that exists. */
export const accountEnrolment = {
  'sign-in': command<SignInFlags, [address: string]>({
    brief: 'Make this machine a device of your account by its passphrase',
    details:
      'For accounts with roaming on. The passphrase never leaves this machine; all your devices and contacts are told of the new one. If it is interrupted, run it again: it goes on where it was.',
    examples: [
      'sotto account sign-in alice@example.org --server https://home.example.org',
      'sotto account sign-in alice@example.org --server URL --ca-fingerprint F --device desk',
    ],
    parameters: {
      flags: { ...newDevice, recoveryKeyFile },
      positional: { kind: 'tuple', parameters: [address] },
    },
    load: async () => (await import('../actions/sign-in.ts')).signIn,
  }),
};
