import { Fault } from '@sotto/bytes';
import type { MemberView, MessageView, QuoteView, RoomView } from '@sotto/keybox';
import type { Address } from '@sotto/protocol';
import { useMemo, useState } from 'react';
import { useVaults } from '../../app/vaults.tsx';
import type { Writing } from './composer.tsx';
import type { RoomTimeline } from './room-timeline.ts';

interface Sending {
  /** Why the last change was not made. */
  readonly fault: Error | null;
  send(text: string, writing: Writing): void;
  /** Reacts, or takes the same reaction back. */
  react(message: MessageView, emoji: string): void;
  resend(message: MessageView): void;
  discard(message: MessageView): void;
}

export interface SendingInput {
  readonly room: RoomView;
  readonly timeline: RoomTimeline;
  readonly own: Address;
  readonly members: ReadonlyMap<string, MemberView>;
  /** Id of the message whose thread is written in. */
  readonly thread?: string;
}

/** Sends to a room: what is sent is shown at once, and again as it is once the vault has it. */
export function useSending(input: SendingInput): Sending {
  const { box } = useVaults();
  const { room, timeline, own, members, thread } = input;
  const [fault, setFault] = useState<Error | null>(null);
  return useMemo((): Sending => {
    const tell = (cause: unknown): void => setFault(cause instanceof Error ? cause : new Error(String(cause)));

    const deliver = async (message: MessageView): Promise<void> => {
      const { id, text, replyTo } = message;
      timeline.add({ ...message, code: null });
      try {
        await box.sendMessage(room.id, text, {
          key: id,
          id,
          ...(replyTo === null ? {} : { replyTo: replyTo.id }),
          ...(message.thread === null ? {} : { thread: message.thread }),
        });
        await timeline.refresh();
      } catch (cause) {
        await timeline.refresh();
        // What the vault has it shows itself.
        if (timeline.isPending(id)) timeline.add({ ...message, code: codeOf(cause) });
      }
    };

    const change = async (
      message: MessageView,
      to: (shown: MessageView) => MessageView,
      work: () => Promise<unknown>,
    ) => {
      setFault(null);
      const settle = timeline.assume(message.id, to);
      await work().catch(tell);
      settle();
    };

    return {
      fault,
      send(text, writing) {
        setFault(null);
        if (writing.kind === 'edit') {
          const { message } = writing;
          const to = (shown: MessageView): MessageView => ({ ...shown, text, edited: true });
          void change(message, to, () => box.editMessage(message.room, message.id, text));
          return;
        }
        if (timeline.view().newer) void timeline.open();
        const mentions = [...members.keys()].filter((address) => text.includes(address)) as Address[];
        const replyTo = writing.kind === 'reply' ? quoteOf(writing.message) : null;
        void deliver(newMessage({ room: room.id, author: own, text, mentions, replyTo, thread: thread ?? null }));
      },
      react(message, emoji) {
        const isMine = ({ author, text }: Reaction): boolean => author === own && text === emoji;
        const isTaken = message.reactions.some(isMine);
        const to = (shown: MessageView): MessageView => {
          const others = shown.reactions.filter((reaction) => !isMine(reaction));
          if (isTaken) return { ...shown, reactions: others };
          return shown.reactions.some(isMine)
            ? shown
            : { ...shown, reactions: [...others, { author: own, text: emoji }] };
        };
        const { room: where, id } = message;
        void change(message, to, () =>
          isTaken ? box.unreactMessage(where, id, emoji) : box.reactMessage(where, id, emoji),
        );
      },
      async resend(message) {
        if (await dropped(message.id)) void deliver({ ...message, id: newId(), at: Date.now() });
      },
      async discard(message) {
        await dropped(message.id);
      },
    };

    /** Takes a message out of the outbox and the timeline; false if it is on its way after all. */
    async function dropped(id: string): Promise<boolean> {
      try {
        await box.dropOutbox(id);
      } catch (cause) {
        if (codeOf(cause) !== 'not-found') {
          tell(cause);
          return false;
        }
      }
      timeline.drop(id);
      return true;
    }
  }, [box, room.id, timeline, own, members, thread, fault]);
}

/** A message as it shows before the vault has it. */
function newMessage(
  given: Pick<MessageView, 'room' | 'author' | 'text' | 'mentions' | 'replyTo' | 'thread'>,
): MessageView {
  return {
    ...given,
    id: newId(),
    n: null,
    era: null,
    device: '',
    trust: { author: 'self', device: 'active' },
    at: Date.now(),
    state: 'queued',
    delivery: null,
    edited: false,
    forwarded: false,
    threadReplies: 0,
    mentionsMe: false,
    reactions: [],
    code: null,
    remedies: [],
  };
}

type Reaction = MessageView['reactions'][number];

function quoteOf({ id, n, author, text, file }: MessageView): QuoteView {
  return { id, n, author, text: file?.name ?? text.slice(0, QUOTED), state: 'here' };
}

function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function codeOf(cause: unknown): string {
  return cause instanceof Fault ? cause.code : 'bug';
}

const QUOTED = 200;
