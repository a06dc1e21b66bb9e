import type {
  KeyNoticeView,
  MessagePage,
  MessagePlace,
  MessageView,
  MessageWindow,
  RoomChangeView,
} from '@sotto/keybox';
import { changeKey, noticeKey } from './rows.ts';

/** What is shown of a room's messages: one stretch of its log without gaps, and what is on its way at its end. */
export interface TimelineView {
  readonly messages: readonly MessageView[];
  /** What changed in the keys of others while this was said, oldest first. */
  readonly notices: readonly KeyNoticeView[];
  /** What changed in the room meanwhile, in the order of its log. */
  readonly changes: readonly RoomChangeView[];
  readonly older: boolean;
  readonly newer: boolean;
  readonly total: number;
  readonly unread: number;
  readonly firstUnread: MessagePlace | null;
  /** What was led to last; another object each time. */
  readonly focus: { readonly id: string | null } | null;
  readonly isLoaded: boolean;
  /** Why the last reading failed. */
  readonly fault: Error | null;
}

type Around = NonNullable<MessageWindow['around']>;
type Read = (window: MessageWindow) => Promise<MessagePage>;

interface Limits {
  /** How many messages are read at a time. */
  readonly window: number;
  /** How many are kept in memory. */
  readonly kept: number;
}

interface TimelineOptions {
  /** Id of a message: only what was written in its thread. */
  readonly thread?: string;
  readonly limits?: Limits;
}

/**
 * A stretch of a room that moves along as one scrolls: reads go strictly one after the other, memory holds 600 messages at
 * most, and what one does shows before the vault has heard of it.
 */
export class RoomTimeline {
  readonly #read: Read;
  readonly #limits: Limits;
  readonly #thread: { readonly thread?: string };
  readonly #listeners = new Set<() => void>();
  /** Messages that were sent here and are not among those that were read yet. */
  readonly #pending = new Map<string, MessageView>();
  /** Changes that were made here and are not in what is read yet, by message. */
  readonly #assumed = new Map<string, (message: MessageView) => MessageView>();
  readonly #notices = new Map<string, KeyNoticeView>();
  readonly #changes = new Map<string, RoomChangeView>();
  #log: readonly MessageView[] = [];
  #view: TimelineView = EMPTY;
  #turn: Promise<unknown> = Promise.resolve();
  #isRefreshDue = false;
  #isMoving = false;

  constructor(read: Read, { thread, limits = LIMITS }: TimelineOptions = {}) {
    this.#read = read;
    this.#thread = thread === undefined ? {} : { thread };
    this.#limits = limits;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  view = (): TimelineView => this.#view;

  /** Shows the newest messages, or those around something. */
  open(around?: Around): Promise<void> {
    return this.#run(async () => {
      const page = await this.#page(around === undefined ? {} : { around });
      this.#log = page.messages;
      this.#show(page, { older: page.older, newer: page.newer, focus: focusIn(page) });
    });
  }

  /** Reads on towards the beginning; nothing while it does so already. */
  older(): Promise<void> {
    return this.#move(async () => {
      const first = this.#log.find(({ n }) => n !== null);
      if (!this.#view.older || first === undefined) return null;
      const page = await this.#page({ before: placeOf(first) });
      const kept = this.#log.slice(0, this.#limits.kept - page.messages.length);
      const wasCut = kept.length < this.#log.length;
      this.#log = [...page.messages, ...kept];
      return () => this.#show(page, { older: page.older, newer: this.#view.newer || wasCut });
    });
  }

  /** Reads on towards the end. */
  newer(): Promise<void> {
    return this.#move(async () => {
      const last = this.#log.findLast(({ n }) => n !== null);
      if (!this.#view.newer || last === undefined) return null;
      const page = await this.#page({ after: placeOf(last) });
      const all = [...this.#log.filter(({ n }) => n !== null), ...page.messages];
      this.#log = all.slice(-this.#limits.kept);
      return () => this.#show(page, { older: this.#view.older || all.length > this.#limits.kept, newer: page.newer });
    });
  }

  /** Reads what is shown once more. Several calls while one waits are one. */
  refresh(): Promise<void> {
    if (this.#isRefreshDue || !this.#view.isLoaded) return this.#turn.then(() => undefined);
    this.#isRefreshDue = true;
    return this.#run(() => {
      this.#isRefreshDue = false;
      return this.#readAgain();
    });
  }

  /** Shows a message that is being sent. */
  add(message: MessageView): void {
    this.#pending.set(message.id, message);
    this.#publish({});
  }

  /** Whether a message was shown that the vault does not have yet. */
  isPending(id: string): boolean {
    return this.#pending.has(id);
  }

  /** Takes a message back that was shown before it was sent. */
  drop(id: string): void {
    this.#pending.delete(id);
    this.#log = this.#log.filter((message) => message.id !== id || message.n !== null);
    this.#publish({});
  }

  /** Shows a change before the vault has it; what it gives takes that back, or lets what is read next decide. */
  assume(id: string, change: (message: MessageView) => MessageView): () => void {
    this.#assumed.set(id, change);
    this.#publish({});
    return () => {
      if (this.#assumed.get(id) === change) this.#assumed.delete(id);
      void this.refresh();
    };
  }

  async #readAgain(): Promise<void> {
    const first = this.#log.find(({ n }) => n !== null);
    if (first === undefined || !this.#view.older)
      return this.#readFrom({ room: first?.room ?? '', n: -1 }, first === undefined);
    const { room, n } = placeOf(first);
    await this.#readFrom({ room, n: n - 1 }, false);
  }

  /** As many messages as were shown, and at the end of the log all that came. */
  async #readFrom(place: MessagePlace, isEmpty: boolean): Promise<void> {
    const [wasNewer, shown] = [this.#view.newer, this.#log.length];
    let page = await this.#page(isEmpty ? {} : { after: place });
    let read = page.messages;
    while (page.newer && read.length < this.#limits.kept && (!wasNewer || read.length < shown)) {
      page = await this.#page({ after: placeOf(read.findLast(({ n }) => n !== null) as MessageView) });
      read = [...read, ...page.messages];
    }
    this.#log = read;
    this.#show(page, { older: isEmpty ? page.older : this.#view.older, newer: page.newer });
  }

  #page(window: MessageWindow): Promise<MessagePage> {
    return this.#read({ ...window, ...this.#thread, limit: this.#limits.window });
  }

  /** Whoever is shown an end again, and reads on at once, is heard. */
  #move(work: () => Promise<(() => void) | null>): Promise<void> {
    if (this.#isMoving || !this.#view.isLoaded) return Promise.resolve();
    this.#isMoving = true;
    return this.#run(async () => {
      const show = await work().finally(() => {
        this.#isMoving = false;
      });
      show?.();
    });
  }

  #run(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work).catch((cause: unknown) => {
      this.#publish({ fault: cause instanceof Error ? cause : new Error(String(cause)) });
    });
    this.#turn = done;
    return done;
  }

  #show(
    { total, unread, firstUnread, notices, changes }: MessagePage,
    where: { readonly older: boolean; readonly newer: boolean; readonly focus?: TimelineView['focus'] },
  ): void {
    for (const { id } of this.#log) this.#pending.delete(id);
    keepNew(this.#notices, notices, noticeKey);
    keepNew(this.#changes, changes, changeKey);
    const view = { total, unread, firstUnread, isLoaded: true, fault: null };
    this.#publish({ ...view, ...this.#between(where), ...where });
  }

  /** What happened within the stretch that is shown. */
  #between({ older, newer }: Pick<TimelineView, 'older' | 'newer'>): Pick<TimelineView, 'notices' | 'changes'> {
    const from = older ? (this.#log.find(({ at }) => at > 0)?.at ?? 0) : 0;
    const first = older ? (this.#log.find(({ n }) => n !== null)?.n ?? 0) : 0;
    const last = newer ? (this.#log.findLast(({ n }) => n !== null)?.n ?? 0) : Number.POSITIVE_INFINITY;
    const notices = [...this.#notices.values()].filter(({ at }) => at >= from).toSorted((one, two) => one.at - two.at);
    const changes = [...this.#changes.values()].filter(({ n }) => n >= first && n < last);
    return {
      notices: sameOr(this.#view.notices, notices),
      changes: sameOr(
        this.#view.changes,
        changes.toSorted((one, two) => one.n - two.n),
      ),
    };
  }

  #publish(part: Partial<TimelineView>): void {
    const next = { ...this.#view, ...part };
    const pending = next.newer ? [] : [...this.#pending.values()];
    const messages = [...this.#log, ...pending].map((message) => this.#assumed.get(message.id)?.(message) ?? message);
    this.#view = { ...next, messages: reused(messages, this.#view.messages) };
    for (const listener of this.#listeners) listener();
  }
}

function keepNew<Item>(known: Map<string, Item>, items: readonly Item[], keyOf: (item: Item) => string): void {
  for (const item of items) if (!known.has(keyOf(item))) known.set(keyOf(item), item);
}

/** The list that was shown, if it holds the same. */
function sameOr<Item>(before: readonly Item[], next: readonly Item[]): readonly Item[] {
  return next.length === before.length && next.every((item, i) => before[i] === item) ? before : next;
}

/** A message that is the same as before stays the same object, so that it is not drawn again. */
function reused(next: readonly MessageView[], before: readonly MessageView[]): readonly MessageView[] {
  const known = new Map(before.map((message) => [message.id, message]));
  return next.map((message) => {
    const old = known.get(message.id);
    return old !== undefined && JSON.stringify(old) === JSON.stringify(message) ? old : message;
  });
}

function focusIn({ focus, messages }: MessagePage): { readonly id: string | null } {
  if (focus === null) return { id: null };
  return { id: messages.find(({ room, n }) => room === focus.room && n === focus.n)?.id ?? null };
}

function placeOf({ room, n }: MessageView): MessagePlace {
  return { room, n: n ?? 0 };
}

const LIMITS: Limits = { window: 100, kept: 600 };
const EMPTY: TimelineView = {
  messages: [],
  notices: [],
  changes: [],
  older: false,
  newer: false,
  total: 0,
  unread: 0,
  firstUnread: null,
  focus: null,
  isLoaded: false,
  fault: null,
};
