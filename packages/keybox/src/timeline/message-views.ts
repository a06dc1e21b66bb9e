import { hex } from '@sotto/bytes';
import type { Address, Chain, RoomState } from '@sotto/protocol';
import type { Chains } from '../chains.ts';
import { verifiedContacts } from '../contact-book.ts';
import { KeyboxUsageFault } from '../fault.ts';
import type { Session } from '../session.ts';
import type { DeliveryView, MessageState, MessageView, TrustView } from '../views.ts';
import { type Beside, readBeside } from './beside.ts';
import { splitMentions } from './mentions.ts';
import { quoteView } from './quote.ts';
import type { MessageRow } from './rows.ts';

/** How far a member says to have got. */
interface Mark {
  readonly author: Uint8Array;
  readonly delivered: number;
  readonly read: number;
}

/** What is the same for all messages of a room. */
interface RoomContext {
  readonly state: RoomState;
  /** Of the others. */
  readonly marks: readonly Mark[];
  /** Fingerprints in hexadecimal. */
  readonly verified: ReadonlySet<string>;
}

/** Shows messages: rows of the history with everything that stands beside them, a few queries for many. */
export class MessageViews {
  readonly #session: Session;
  readonly #chains: Chains;

  constructor(session: Session, chains: Chains) {
    this.#session = session;
    this.#chains = chains;
  }

  /** Rows of one room, shown in the same order. */
  async of(state: RoomState, rows: readonly MessageRow[]): Promise<readonly MessageView[]> {
    if (rows.length === 0) return [];
    const { history, contacts, identity } = this.#session;
    const marks = await history.query<Mark>(
      'SELECT author, delivered, read FROM receipt WHERE room = ? AND author <> ?',
      [state.id, identity.fingerprint],
    );
    const room = { state, marks, verified: await verifiedContacts(contacts) };
    const views: MessageView[] = [];
    for (let at = 0; at < rows.length; at += BATCH) {
      const batch = rows.slice(at, at + BATCH);
      const beside = await readBeside(this.#session, state.id, batch);
      for (const row of batch) views.push(await this.#view(row, room, beside));
    }
    return views;
  }

  async #view(row: MessageRow, room: RoomContext, beside: Beside): Promise<MessageView> {
    const { state } = room;
    const id = hex(row.id);
    const own = hex(row.author) === hex(this.#session.identity.fingerprint);
    const chain = await this.#chains.known(row.author);
    const file = beside.files.get(id);
    const quote = row.reply_to === null ? undefined : beside.quotes.get(hex(row.reply_to));
    return {
      id,
      n: row.n,
      room: hex(row.room),
      era: row.n === null ? null : eraAt(state, row.n),
      author: addressOf(state, chain, row.author),
      device: chain?.devices.get(hex(row.device))?.name ?? hex(row.device),
      trust: trustOf(row, { own, chain, verified: room.verified }),
      at: row.at,
      text: row.text,
      state: messageState(row, own ? room.marks : null),
      delivery: own && row.n !== null && row.deleted === 0 ? deliveryOf(row.n, room, row.author) : null,
      edited: row.edited !== 0,
      forwarded: row.forwarded !== 0,
      replyTo: row.reply_to === null ? null : quoteView(row.reply_to, quote ?? null, state.people),
      thread: row.thread === null ? null : hex(row.thread),
      threadReplies: beside.threads.get(id) ?? 0,
      mentions: splitMentions(row.mentions).flatMap((who) => state.people[who] ?? []),
      mentionsMe: row.mentions_me !== 0,
      reactions: (beside.reactions.get(id) ?? []).map(({ author, text }) => ({
        author: addressOf(state, null, author),
        text,
      })),
      code: row.n === null ? (beside.refused.get(id) ?? null) : row.code,
      remedies: row.n === null ? [] : (beside.remedies.get(row.n) ?? []),
      ...(file === undefined ? {} : { file }),
    };
  }
}

function trustOf(
  { author, device }: MessageRow,
  {
    own,
    chain,
    verified,
  }: { readonly own: boolean; readonly chain: Chain | null; readonly verified: RoomContext['verified'] },
): TrustView {
  const known = chain?.devices.get(hex(device));
  return {
    author: own ? 'self' : verified.has(hex(author)) ? 'verified' : 'unverified',
    device: known === undefined ? 'unknown' : known.revokedAt === null ? 'active' : 'revoked',
  };
}

/** A record that counted was sealed for the era in force at its position. */
function eraAt({ eras }: RoomState, position: number): number | null {
  return eras.findLast(({ n }) => n <= position)?.era ?? null;
}

/** An own message is delivered, or read, as soon as one other member's receipt covers it. */
function messageState({ n, deleted, code }: MessageRow, marks: readonly Mark[] | null): MessageState {
  if (deleted !== 0) return 'deleted';
  if (code !== null) return 'undecryptable';
  if (marks === null) return 'received';
  if (n === null) return 'queued';
  if (marks.some(({ read }) => read > n)) return 'read';
  return marks.some(({ delivered }) => delivered > n) ? 'delivered' : 'accepted';
}

/** Counts those alone who are members now. */
function deliveryOf(n: number, { state, marks }: RoomContext, author: Uint8Array): DeliveryView {
  const here = marks.filter((mark) => state.members[hex(mark.author)] !== undefined);
  const of = Object.keys(state.members).filter((member) => member !== hex(author)).length;
  const delivered = here.filter((mark) => mark.delivered > n).length;
  return { delivered, read: here.filter((mark) => mark.read > n).length, of };
}

function addressOf(state: RoomState, chain: Chain | null, fingerprint: Uint8Array): Address {
  const address = state.people[hex(fingerprint)] ?? chain?.address;
  if (address === undefined) throw new KeyboxUsageFault('not-found', 'a message of somebody who never was a member');
  return address;
}

/** Rows that are looked up together. */
const BATCH = 200;
