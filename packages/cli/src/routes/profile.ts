import { buildRouteMap, type RouteMap } from '@stricli/core';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { address, text } from './parameters.ts';

export type ProfileFlags = {
  readonly name?: string;
  readonly title?: string;
  readonly phone?: string;
  readonly picture?: string;
  readonly room?: string;
};

const line = { kind: 'parsed', parse: text, optional: true, placeholder: 'TEXT' } as const;

export const profile: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'What you and others say of themselves' },
  routes: {
    set: command<ProfileFlags>({
      brief: 'Change your profile; what is not given stays',
      details:
        'Contacts and members of common rooms can read it, the server cannot. An empty text takes a line away, --picture none the picture. With --room, --name is how you are called in that room alone.',
      examples: [
        "sotto account profile set --name 'Ann Example' --title 'Ward 3' --picture me.png",
        "sotto account profile set --room Nightshift --name 'Dr. Ann'",
      ],
      parameters: {
        flags: {
          name: { ...line, brief: 'What you are called' },
          title: { ...line, brief: 'What you do' },
          phone: { ...line, brief: 'Your telephone number' },
          picture: { ...line, brief: 'A PNG or JPEG file of at most 64 KiB', placeholder: 'F' },
          room: { ...line, brief: 'For this room alone', placeholder: 'ROOM' },
        },
      },
      load: async () => (await import('../actions/profile.ts')).setProfile,
    }),
    show: command<{ readonly pictureOut?: string }, [address?: string]>({
      brief: 'Show your profile, or that of a contact or member',
      details: 'Anybody may take any name: the address tells who it is.',
      examples: ['sotto account profile show', 'sotto account profile show bob@example.org --picture-out bob.png'],
      parameters: {
        flags: { pictureOut: { ...line, brief: 'Write the picture into this new file', placeholder: 'F' } },
        positional: { kind: 'tuple', parameters: [{ ...address, optional: true }] },
      },
      load: async () => (await import('../actions/profile.ts')).showProfile,
    }),
  },
});
