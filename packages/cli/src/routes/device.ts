import { buildRouteMap, type RouteMap } from '@stricli/core';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { deviceEnrolment } from './enrol.ts';
import { text } from './parameters.ts';

export const device: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'The devices that can speak for your account' },
  routes: {
    list: command({
      brief: 'List your devices, and when the server last saw them',
      examples: ['sotto device list', 'sotto device list --json'],
      parameters: {},
      load: async () => (await import('../actions/device.ts')).listDevices,
    }),
    ...deviceEnrolment,
    revoke: command<{ readonly wipe: boolean }, [name: string]>({
      brief: 'Shut a device out: a lost, stolen or sold one',
      details:
        'What is written from now on does not open to it, whoever helps it, and at its next contact it deletes its vault. What it had already read cannot be taken back. Revoking this very device deletes its vault at once and takes --wipe.',
      examples: ['sotto device revoke phone', 'sotto device revoke laptop --wipe   # this machine is given away'],
      parameters: {
        flags: {
          wipe: { kind: 'boolean', brief: 'Also if it is this device', default: false, withNegated: false },
        },
        positional: { kind: 'tuple', parameters: [{ brief: 'Its name', parse: text, placeholder: 'NAME' }] },
      },
      load: async () => (await import('../actions/device.ts')).revokeDevice,
    }),
    name: command({
      brief: 'Print the name of this device',
      details: 'A name is part of what your contacts check, and never used twice: it is given when a device is made.',
      examples: ['sotto device name'],
      parameters: {},
      load: async () => (await import('../actions/device.ts')).deviceName,
    }),
    rotate: command({
      brief: 'Make a new user key, as a precaution',
      details: 'Every room of yours gets a new era. Nothing that is readable now becomes unreadable.',
      examples: ['sotto device rotate'],
      parameters: {},
      load: async () => (await import('../actions/device.ts')).rotateUserKey,
    }),
  },
});
