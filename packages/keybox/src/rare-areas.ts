import type { Admin } from './admin/admin.ts';
import type { Auditor } from './audit/auditor.ts';
import type { Calls, CallsParts } from './calls/calls.ts';
import type { Contacts } from './contacts.ts';
import type { Devices } from './devices/devices.ts';
import type { Enrolments } from './enrol/enrolments.ts';
import type { Files } from './files/files.ts';
import type { History } from './history.ts';
import type { KeyRequests } from './key-requests/key-requests.ts';
import { lazyArea } from './lazy-area.ts';
import type { Messages } from './messages.ts';
import type { People } from './people/people.ts';
import type { Policies } from './policy/policies.ts';
import type { RoomReader } from './room-batch.ts';
import type { Search } from './search/search.ts';
import type { Sync } from './sync.ts';
import type { Turns } from './turns.ts';

/** What the areas of a box share. */
interface Shared {
  readonly reader: RoomReader;
  readonly contacts: Contacts;
  readonly history: History;
  readonly messages: Messages;
  readonly sync: Sync;
  readonly turns: Turns;
  readonly policies: Policies;
  readonly devices: Devices;
  readonly calls: Omit<CallsParts, 'contacts' | 'turns'> & {
    /** They are in use from now on. */
    begun(calls: Calls): void;
  };
}

/** The areas of a box that reading and writing in rooms does without: their code is loaded when they are first used. */
export function rareAreas(shared: Shared): RareAreas {
  const { reader, contacts, history, messages, sync, turns, policies, devices } = shared;
  const { session, heads, chains } = reader;
  return {
    admin: lazyArea(async () => {
      const { Admin } = await import('./admin/admin.ts');
      return new Admin(session, { heads, policies });
    }),
    auditor: lazyArea(async () => {
      const { Auditor } = await import('./audit/auditor.ts');
      return new Auditor(reader, turns);
    }),
    calls: lazyArea<CallsArea>(async () => {
      const { Calls } = await import('./calls/calls.ts');
      const calls = new Calls(reader, { contacts, turns, ...shared.calls });
      shared.calls.begun(calls);
      return calls;
    }, 'watch'),
    enrolments: lazyArea(async () => {
      const { Enrolments } = await import('./enrol/enrolments.ts');
      const changePassphrase = devices.changePassphrase.bind(devices);
      return new Enrolments(session, { chains, turns, changePassphrase });
    }),
    files: lazyArea(async () => {
      const { Files } = await import('./files/files.ts');
      return new Files(session, { history, messages });
    }),
    keyRequests: lazyArea(async () => {
      const { KeyRequests } = await import('./key-requests/key-requests.ts');
      return new KeyRequests(reader, { sync, turns });
    }),
    people: lazyArea(async () => {
      const { People } = await import('./people/people.ts');
      return new People(session, { contacts, chains, turns });
    }),
    search: lazyArea(async () => {
      const { Search } = await import('./search/search.ts');
      return new Search(session);
    }),
  };
}

/** Calls end with their box, and are cared for by it. */
export type CallsArea = Omit<Calls, 'close'>;

interface RareAreas {
  readonly admin: Admin;
  readonly auditor: Auditor;
  readonly calls: CallsArea;
  readonly enrolments: Enrolments;
  readonly files: Files;
  readonly keyRequests: KeyRequests;
  readonly people: People;
  readonly search: Search;
}
