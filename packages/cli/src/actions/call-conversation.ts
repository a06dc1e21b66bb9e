import { Fault } from '@sotto/bytes';
import { audioProfiles, type MediaEvent, type MediaSession } from '@sotto/call-node';
import { Secret } from '@sotto/crypto';
import type { CallEvent, CallMedia, CallView, KeyBox } from '@sotto/keybox';
import type { Address } from '@sotto/protocol';
import type { Run } from '../command.ts';
import type { CallFlags } from '../routes/call.ts';
import type { CallAudio } from './call-audio.ts';
import { type CallEnd, faultOfEnd } from './call-end.ts';
import { listenToPerson } from './call-person.ts';
import { CallQueue } from './call-queue.ts';
import { CallReport } from './call-report.ts';
import { openMedia, Talk } from './call-talk.ts';

export interface ConversationOptions {
  readonly box: KeyBox;
  readonly flags: CallFlags;
  /** Closed when the call is over. */
  readonly audio: CallAudio;
  readonly address: Address;
  /** Places or answers the call with what has been opened for it. */
  begin(media: CallMedia): Promise<CallView>;
}

/** One call from its beginning to its end, with sockets, keys and people. Throws why it came to nothing. */
export async function converse(run: Run, options: ConversationOptions): Promise<void> {
  const queue = new CallQueue<Happening>();
  const { box, flags, audio, address } = options;
  const notify = (event: MediaEvent): void => queue.push({ from: 'media', event });
  const session = await openMedia(box, { flags, audio, partner: address, listen: flags.listen, notify });
  const conversation = new Conversation(run, { ...options, session, queue });
  const sources = listen(run, box, queue);
  try {
    await conversation.begin();
    await conversation.go();
  } catch (cause) {
    await conversation.abandon();
    throw cause;
  } finally {
    sources.stop();
    await session.close();
  }
}

type Happening =
  | { readonly from: 'media'; readonly event: MediaEvent }
  | { readonly from: 'signalling'; readonly event: CallEvent }
  | { readonly from: 'person'; readonly word: string }
  | { readonly from: 'fault'; readonly cause: unknown };

interface Parts extends ConversationOptions {
  readonly session: MediaSession;
  readonly queue: CallQueue<Happening>;
}

class Conversation {
  readonly #parts: Parts;
  readonly #report: CallReport;
  readonly #talk: Talk;
  #id = '';
  #rings = false;
  #isConnected = false;

  constructor({ output }: Run, parts: Parts) {
    this.#parts = parts;
    this.#report = new CallReport(output);
    const { session, flags, queue, box } = parts;
    this.#talk = new Talk({
      session,
      flags,
      report: this.#report,
      onSecure: async () => void (await unlessOver(() => box.calls.connected(this.#id))),
      onMuted: async (muted) => void (await unlessOver(() => box.calls.mute(this.#id, muted))),
      onTime: () => queue.push({ from: 'person', word: 'q' }),
    });
  }

  async begin(): Promise<void> {
    const { session, flags, begin } = this.#parts;
    const { helloHash: zrtpHash, candidates, source } = session;
    const call = await begin({ zrtpHash, sources: [source], candidates, profile: flags.profile });
    this.#id = call.id;
    if (call.direction === 'out') this.#report.phase(call, 'calling');
    // It may have gone on, or be over, before anything is told.
    this.#parts.queue.push({ from: 'signalling', event: { kind: 'changed', call } });
  }

  /** Something went wrong here: the other end is not left waiting. What has ended stays as it is. */
  async abandon(): Promise<void> {
    this.#talk.stop();
    if (this.#id === '') return;
    await Promise.allSettled([this.#parts.session.close(), this.#parts.box.calls.hangUp(this.#id)]);
    await Promise.allSettled([this.#parts.box.calls.settled()]);
  }

  /** Throws why the call came to nothing. */
  async go(): Promise<void> {
    for await (const happening of this.#parts.queue) {
      const end = await this.#take(happening);
      if (end !== null) return this.#finish(end);
    }
  }

  async #take(happening: Happening): Promise<CallEnd | null> {
    switch (happening.from) {
      case 'media':
        return this.#talk.takeMedia(happening.event);
      case 'signalling':
        return this.#takeSignal(happening.event);
      case 'person':
        return this.#talk.obey(happening.word);
      case 'fault':
        throw happening.cause;
    }
  }

  async #takeSignal(event: CallEvent): Promise<CallEnd | null> {
    if (event.kind === 'refused') {
      this.#report.notGenuine(event.code);
      return null;
    }
    if (event.call.id !== this.#id) return null;
    if (event.kind === 'candidates') this.#parts.session.addCandidates(event.candidates);
    return this.#follow(event.call);
  }

  async #follow(call: CallView): Promise<CallEnd | null> {
    if (call.phase === 'ended') return { outcome: call.outcome ?? 'failed', code: call.code, fault: null };
    if (call.rings && !this.#rings) {
      this.#rings = true;
      this.#report.phase(call, 'ringing');
    }
    if (call.phase === 'connecting' && !this.#isConnected) await this.#connect(call);
    return null;
  }

  async #connect(call: CallView): Promise<void> {
    this.#isConnected = true;
    this.#report.phase(call, 'connecting');
    const media = await unlessOver(() => this.#parts.box.calls.media(this.#id));
    if (media === null) return;
    const { peer, profile, auxSecret } = media;
    const auxiliary = new Secret(auxSecret);
    auxSecret.fill(0);
    const { candidates, zrtpHash } = peer;
    this.#parts.session.connect({ candidates, zrtpHash, auxiliary, profile: audioProfiles[profile] });
  }

  /** The other end hears of it in the media and by signalling: one of the two may be cut. */
  async #finish(end: CallEnd): Promise<void> {
    this.#talk.stop();
    const { box, session } = this.#parts;
    // What is signed for the signalling takes longer than a packet.
    const closing = session.close();
    const told = end.fault === null ? box.calls.hangUp(this.#id) : box.calls.failed(this.#id, end.fault.code);
    const [statistics, signalled] = await Promise.allSettled([closing, told]);
    await box.calls.settled();
    if (statistics.status === 'rejected') throw statistics.reason;
    this.#report.ended(end.outcome, end.code, statistics.value);
    const fault = faultOfEnd(end);
    if (fault !== null) throw fault;
    if (signalled.status === 'rejected' && !(signalled.reason instanceof Fault)) throw signalled.reason;
  }
}

/** Null if the call was over by then, which is told by itself. */
async function unlessOver<Result>(work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'not-found') return null;
    throw cause;
  }
}

/** What comes from elsewhere than the media: signalling, the keyboard, and the wish to end. */
function listen(run: Run, box: KeyBox, queue: CallQueue<Happening>): { stop(): void } {
  const ended = new AbortController();
  const person = listenToPerson(run, (word) => queue.push({ from: 'person', word }));
  const follow = async (): Promise<void> => {
    for await (const event of box.calls.watch(ended.signal)) queue.push({ from: 'signalling', event });
  };
  follow().catch((cause) => queue.push({ from: 'fault', cause }));
  return {
    stop() {
      ended.abort();
      queue.close();
      person.stop();
    },
  };
}
