import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { vi } from 'vitest';
import { root } from '../../support/program.ts';
import { message } from './talk.ts';

/** What the screens of the walk show. */
export interface Shown {
  readonly room: string;
  /** An invitation that nobody has used. */
  readonly invitation: string;
  /** The link of somebody's card. */
  readonly card: string;
}

/** Where each route of an open account is seen: a page, or several. */
export const inside: Readonly<Record<string, (shown: Shown) => readonly string[]>> = {
  '/inside/rooms/': () => ['/rooms'],
  '/inside/rooms/new': () => ['/rooms/new'],
  '/inside/rooms/$room': ({ room }) => [`/rooms/${room}`, `/rooms/${'0'.repeat(64)}`],
  '/inside/rooms/$room/files': ({ room }) => [`/rooms/${room}/files`],
  '/inside/rooms/$room/members': ({ room }) => [`/rooms/${room}/members`, `/rooms/${'0'.repeat(64)}/members`],
  '/inside/people/': () => ['/people'],
  '/inside/people/$address': () => ['/people/bob@localhost', '/people/nobody@localhost'],
  '/inside/people/card': () => ['/people/card'],
  '/inside/people/add': () => ['/people/add'],
  '/inside/card': ({ card }) => [new URL(card).pathname + new URL(card).hash],
  '/inside/security/{-$part}': () => SECURITY.map((part) => `/security/${part}`),
  '/inside/settings/{-$part}': () => SETTINGS.map((part) => `/settings/${part}`),
  '/inside/admin/{-$part}': () => ADMIN.map((part) => `/admin/${part}`),
  '/inside/search': ({ room }) => ['/search', `/search?room=${room}`],
};

/** Where each route of the gate is seen by somebody without an account. */
export const gate: Readonly<Record<string, (shown: Shown) => readonly string[]>> = {
  '/gate/welcome': () => ['/welcome'],
  '/gate/i/$code': ({ invitation }) => [invitation],
  '/gate/create': ({ invitation }) => [invitation.replace('/i/', '/create#').replace('#ca=', '&ca=')],
  '/gate/sign-in': () => ['/sign-in'],
  '/gate/link': () => ['/link'],
  '/gate/recover': () => ['/recover'],
};

/** Those that ask for an account: open, or locked. */
export const ofAccount: Readonly<Record<string, readonly string[]>> = {
  '/gate/kit': ['/kit'],
  '/gate/unlock': ['/unlock', '/welcome'],
};

/** Every screen of the client that is no frame around others. */
export async function routes(): Promise<readonly string[]> {
  vi.stubGlobal('localStorage', { getItem: () => null });
  vi.stubGlobal('addEventListener', () => undefined);
  const { router } = (await import(/* @vite-ignore */ `${WEB}app/router.tsx`)) as {
    readonly router: { readonly routesById: Readonly<Record<string, unknown>> };
  };
  vi.unstubAllGlobals();
  return Object.keys(router.routesById).filter((id) => !FRAMES.has(id));
}

/** How each dialog is opened, by the module that has it; where from, and what is pressed there. */
export const dialogs: Readonly<Record<string, Dialog>> = {
  'app/shortcut-help.tsx': { at: () => '/rooms', open: (page) => page.keyboard.press('Control+/') },
  'screens/palette/palette.tsx': { at: () => '/rooms', open: (page) => page.keyboard.press('Control+k') },
  'screens/room/date-dialog.tsx': { at: roomOf, open: (page) => choose(page, 'More', 'Go to a date') },
  'screens/room/composer-tools.tsx': { at: roomOf, open: (page) => click(page, 'Insert a sign') },
  'screens/room/message-actions.tsx': { at: roomOf, open: (page) => pressOn(page, '+') },
  'screens/room/details-dialog.tsx': { at: roomOf, open: (page) => pressOn(page, 'i') },
  'screens/room/forward-dialog.tsx': { at: roomOf, open: (page) => pressOn(page, 'f') },
  'screens/room/delete-dialog.tsx': { at: roomOf, open: (page) => pressOn(page, 'Delete') },
  'screens/files/file-preview.tsx': { at: filesOf, open: (page) => click(page, 'Show note.txt') },
  'screens/files/file-removal.tsx': { at: filesOf, open: (page) => choose(page, /with note/, 'Remove') },
  'screens/files/file-versions.tsx': { at: filesOf, open: (page) => choose(page, /with note/, 'Versions') },
  'screens/files/risky-download.tsx': { at: filesOf, open: (page) => click(page, 'Download note.pdf.exe') },
  'screens/files/upload-question.tsx': { at: filesOf, open: giveTaken },
  'screens/members/member-role.tsx': { at: membersOf, open: (page) => click(page, /^Role of bob/) },
  'screens/members/member-list.tsx': { at: membersOf, open: (page) => click(page, 'Remove bob@localhost') },
  'screens/members/ending.tsx': { at: membersOf, open: (page) => click(page, 'Leave the room') },
  'screens/people/requests.tsx': { at: () => '/people', open: (page) => click(page, 'Block carol@localhost') },
  'screens/person/comparison.tsx': { at: bob, open: doubt },
  'screens/person/person-menu.tsx': { at: bob, open: (page) => choose(page, 'More', 'Remove from the list') },
  'screens/security/devices.tsx': { at: () => '/security/devices', open: (page) => click(page, /^Shut out/) },
  'screens/settings/browser.tsx': { at: () => '/settings/browser', open: (page) => click(page, 'Wipe') },
  'screens/admin/user-dialog.tsx': { at: users, open: (page) => choose(page, 'Actions for bob@localhost', 'Show') },
  'screens/admin/user-questions.tsx': {
    at: users,
    open: (page) => choose(page, 'Actions for bob@localhost', 'Suspend'),
  },
};

/** The one that stands at the gate. */
export const lockedDialogs: Readonly<Record<string, Dialog>> = {
  'screens/unlock/remove-account.tsx': { at: () => '/unlock', open: (page) => click(page, /^Remove this account/) },
};

/** The modules of the client that open a dialog. */
export function dialogModules(): readonly string[] {
  return readdirSync(WEB, { recursive: true, encoding: 'utf8' })
    .filter((path) => /^(?:app|screens)\/.*\.tsx$/.test(path))
    .filter((path) => /<(?:Aria)?(?:Confirm)?Dialog\b/.test(readFileSync(join(WEB, path), 'utf8')))
    .toSorted();
}

interface Dialog {
  readonly at: (shown: Shown) => string;
  readonly open: (page: Page) => Promise<void>;
}

function roomOf({ room }: Shown): string {
  return `/rooms/${room}`;
}

function filesOf({ room }: Shown): string {
  return `/rooms/${room}/files`;
}

function membersOf({ room }: Shown): string {
  return `/rooms/${room}/members`;
}

function bob(): string {
  return '/people/bob@localhost';
}

function users(): string {
  return '/admin/users';
}

function click(page: Page, name: string | RegExp): Promise<void> {
  return page.getByRole('button', { name, exact: true }).first().click();
}

async function choose(page: Page, menu: string | RegExp, entry: string): Promise<void> {
  await page.getByRole('main').getByRole('button', { name: menu, exact: true }).last().click();
  await page.getByRole('menuitem', { name: entry, exact: true }).click();
}

async function pressOn(page: Page, key: string): Promise<void> {
  await message(page, 'What can be said').focus();
  await page.keyboard.press(key);
}

async function doubt(page: Page): Promise<void> {
  await click(page, 'Compare now');
  await click(page, 'They do not match');
}

/** A file whose name is taken is asked about. */
async function giveTaken(page: Page): Promise<void> {
  const file = { name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('other') };
  await page.locator('input[type=file]').first().setInputFiles(file);
}

export const SECURITY = [
  'overview',
  'storage',
  'devices',
  'passphrase',
  'passkeys',
  'recovery',
  'certificates',
  'requests',
  'log',
  'transparency',
  'program',
  'audit',
  'policy',
] as const;
export const SETTINGS = ['general', 'profile', 'notifications', 'keyboard', 'storage', 'browser'] as const;
export const ADMIN = ['dashboard', 'users', 'invitations', 'sessions', 'policy', 'policy-key', 'audit'] as const;
const FRAMES: ReadonlySet<string> = new Set([
  '__root__',
  '/gate',
  '/inside',
  '/inside/',
  '/inside/rooms',
  '/inside/people',
]);
const WEB = `${root}packages/web/src/`;
