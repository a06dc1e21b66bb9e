import type { NewDeviceFlags } from '../actions/new-device.ts';
import { command } from '../command.ts';
import { address, text } from './parameters.ts';

export type RecoverFlags = NewDeviceFlags & { readonly recoveryKeyFile: string };

export type RecoveryKeyFlags = {
  readonly out?: string;
  readonly replace: boolean;
  readonly recoveryKeyFile?: string;
};

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
  recover: command<RecoverFlags, [address?: string]>({
    brief: 'Make this machine a device of your account by its recovery kit, with a new passphrase',
    details:
      'For the day when every device is lost or the passphrase is forgotten. Contacts and rooms stay as they are. If it is interrupted, run it again with the same new passphrase.',
    examples: [
      'sotto account recover --server https://home.example.org --recovery-key-file key.txt',
      'sotto account recover alice@example.org --server URL --recovery-key-file key.txt --ca-fingerprint F',
    ],
    parameters: {
      flags: { ...newDevice, recoveryKeyFile: { ...recoveryKeyFile, optional: false } },
      positional: { kind: 'tuple', parameters: [{ ...address, optional: true }] },
    },
    load: async () => (await import('../actions/recover.ts')).recover,
  }),
  'recovery-key': command<RecoveryKeyFlags>({
    brief: 'Make the recovery kit: one page that gets you back in',
    details:
      'The key is shown or written this once and kept nowhere. --out takes .txt, .svg or .pdf; print it, then delete the file. Another kit ends the one before, which takes the old key or roaming.',
    examples: [
      'sotto account recovery-key',
      'sotto account recovery-key --out kit.pdf',
      'sotto account recovery-key --replace',
    ],
    parameters: {
      flags: {
        out: { kind: 'parsed', parse: text, brief: 'File for the kit', optional: true, placeholder: 'FILE' },
        replace: { kind: 'boolean', brief: 'End the kit that is in force', default: false, withNegated: false },
        recoveryKeyFile: { ...recoveryKeyFile, brief: 'File with the key of the kit that ends' },
      },
    },
    load: async () => (await import('../actions/recovery-key.ts')).makeRecoveryKey,
  }),
};

/** Commands of `device` that bring two devices of an account together. */
export const deviceEnrolment = {
  link: command<NewDeviceFlags, [address: string]>({
    brief: 'Make this machine a device of your account with another one at hand',
    details:
      'Shows a code and waits ten minutes for `sotto device approve CODE` on a device that you have. If it is interrupted, run it again.',
    examples: ['sotto device link alice@example.org --server https://home.example.org'],
    parameters: { flags: newDevice, positional: { kind: 'tuple', parameters: [address] } },
    load: async () => (await import('../actions/device-link.ts')).linkDevice,
  }),
  approve: command<Readonly<Record<never, never>>, [code: string]>({
    brief: 'Admit the device that shows a code',
    details:
      'Shows its name and fingerprint and asks. Approve only what you hold in your hands: it will read everything.',
    examples: ['sotto device approve 7K3M-...', 'sotto device approve CODE --yes'],
    parameters: {
      positional: { kind: 'tuple', parameters: [{ brief: 'From its screen', parse: text, placeholder: 'CODE' }] },
    },
    load: async () => (await import('../actions/device-link.ts')).approveDevice,
  }),
};
