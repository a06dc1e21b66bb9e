import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { FaultScreen } from '../kit/fault-screen.tsx';
import { Gatekeeper } from './gatekeeper.tsx';
import { Loading } from './loading.tsx';
import { NoSuchPage } from './no-such-page.tsx';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Gatekeeper, notFoundComponent: NoSuchPage });

/** Shown without an account: ways in. */
const gate = createRoute({
  getParentRoute: () => root,
  id: 'gate',
  /** Where they wanted to be, and the account that is meant. */
  validateSearch: ({ next, account }: GateSearch): GateSearch => ({
    ...(typeof next === 'string' && /^\/(?![/\\])/.test(next) ? { next } : {}),
    ...(typeof account === 'string' ? { account } : {}),
  }),
});

/** Shown with an open account alone. */
const inside = createRoute({ getParentRoute: () => root, id: 'inside', component: Shell });

const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/rooms' });
  },
});

const rooms = createRoute({
  getParentRoute: () => inside,
  path: '/rooms',
  component: lazyRouteComponent(() => import('../screens/rooms/rooms.tsx'), 'Rooms'),
});

const noRoom = createRoute({
  getParentRoute: () => rooms,
  path: '/',
  component: lazyRouteComponent(() => import('../screens/room/room.tsx'), 'NoRoomOpen'),
});

const room = createRoute({
  getParentRoute: () => rooms,
  path: '/$room',
  /** The message that somebody was led to. */
  validateSearch: ({ message }: { readonly message?: string }): { readonly message?: string } =>
    typeof message === 'string' && /^[0-9a-f]{32}$/.test(message) ? { message } : {},
  component: lazyRouteComponent(() => import('../screens/room/room.tsx'), 'Room'),
});

const files = createRoute({
  getParentRoute: () => rooms,
  path: '/$room/files',
  component: lazyRouteComponent(() => import('../screens/files/files.tsx'), 'Files'),
});

const newRoom = createRoute({
  getParentRoute: () => rooms,
  path: '/new',
  component: lazyRouteComponent(() => import('../screens/new-room/new-room.tsx'), 'NewRoom'),
});

const members = createRoute({
  getParentRoute: () => rooms,
  path: '/$room/members',
  component: lazyRouteComponent(() => import('../screens/members/members.tsx'), 'Members'),
});

const people = createRoute({
  getParentRoute: () => inside,
  path: '/people',
  component: lazyRouteComponent(() => import('../screens/people/people.tsx'), 'People'),
});

const nobody = createRoute({
  getParentRoute: () => people,
  path: '/',
  component: lazyRouteComponent(() => import('../screens/people/people.tsx'), 'NobodyOpen'),
});

const person = createRoute({
  getParentRoute: () => people,
  path: '/$address',
  component: lazyRouteComponent(() => import('../screens/person/person.tsx'), 'Person'),
});

const ownCard = createRoute({
  getParentRoute: () => people,
  path: '/card',
  component: lazyRouteComponent(() => import('../screens/own-card/own-card.tsx'), 'OwnCard'),
});

const addContact = createRoute({
  getParentRoute: () => people,
  path: '/add',
  component: lazyRouteComponent(() => import('../screens/add-contact/add-contact.tsx'), 'AddContact'),
});

/** Where the link of somebody's card leads; the card stands behind the #, which no server sees. */
const givenCard = createRoute({
  getParentRoute: () => inside,
  path: '/card',
  component: lazyRouteComponent(() => import('../screens/add-contact/add-contact.tsx'), 'AddContact'),
});

const security = createRoute({
  getParentRoute: () => inside,
  path: '/security/{-$part}',
  component: lazyRouteComponent(() => import('../screens/security/security.tsx'), 'Security'),
});

const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings/{-$part}',
  component: lazyRouteComponent(() => import('../screens/settings/settings.tsx'), 'Settings'),
});

const search = createRoute({
  getParentRoute: () => inside,
  path: '/search',
  /** The one room that is searched. What is searched for is in no address: browsers keep a history of those. */
  validateSearch: ({ room }: { readonly room?: string }): { readonly room?: string } =>
    typeof room === 'string' && /^[0-9a-f]{64}$/.test(room) ? { room } : {},
  component: lazyRouteComponent(() => import('../screens/search/search.tsx'), 'Search'),
});

const admin = createRoute({
  getParentRoute: () => inside,
  path: '/admin/{-$part}',
  component: lazyRouteComponent(() => import('../screens/admin/admin.tsx'), 'Admin'),
});

const welcome = createRoute({
  getParentRoute: () => gate,
  path: '/welcome',
  component: lazyRouteComponent(() => import('../screens/welcome/welcome.tsx'), 'Welcome'),
});

const invitation = createRoute({
  getParentRoute: () => gate,
  path: '/i/$code',
  component: lazyRouteComponent(() => import('../screens/welcome/invited.tsx'), 'Invited'),
});

const create = createRoute({
  getParentRoute: () => gate,
  path: '/create',
  component: lazyRouteComponent(() => import('../screens/create/create.tsx'), 'Create'),
});

const kit = createRoute({
  getParentRoute: () => gate,
  path: '/kit',
  component: lazyRouteComponent(() => import('../screens/kit/kit.tsx'), 'Kit'),
});

const signIn = createRoute({
  getParentRoute: () => gate,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('../screens/sign-in/sign-in.tsx'), 'SignIn'),
});

const unlock = createRoute({
  getParentRoute: () => gate,
  path: '/unlock',
  component: lazyRouteComponent(() => import('../screens/unlock/unlock.tsx'), 'Unlock'),
});

const link = createRoute({
  getParentRoute: () => gate,
  path: '/link',
  component: lazyRouteComponent(() => import('../screens/link/link.tsx'), 'LinkDevice'),
});

const recover = createRoute({
  getParentRoute: () => gate,
  path: '/recover',
  component: lazyRouteComponent(() => import('../screens/recover/recover.tsx'), 'Recover'),
});

const ways = [welcome, invitation, create, kit, signIn, unlock, link, recover];

export const router = createRouter({
  routeTree: root.addChildren([
    gate.addChildren(ways),
    inside.addChildren([
      home,
      rooms.addChildren([noRoom, room, files, newRoom, members]),
      people.addChildren([nobody, person, ownCard, addContact]),
      givenCard,
      security,
      settings,
      admin,
      search,
    ]),
  ]),
  defaultErrorComponent: FaultScreen,
  defaultPendingComponent: Loading,
  defaultPendingMs: 150,
  defaultPreload: 'intent',
  pathParamsAllowedCharacters: ['@'],
});

interface GateSearch {
  readonly next?: string;
  readonly account?: string;
}

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
