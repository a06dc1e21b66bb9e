import { Fault } from '@sotto/bytes';
import { audioProfiles, type MediaEvent, type MediaSession, type SipNews, type SipPhone } from '@sotto/call-node';
import type { KeyBox } from '@sotto/keybox';
import type { Ending, LocalMedia, RemoteMedia } from '@sotto/sip';
import type { Run } from '../command.ts';
import type { CallFlags } from '../routes/call.ts';
import type { CallAudio } from './call-audio.ts';
import { type CallEnd, faultOfEnd } from './call-end.ts';
import { listenToPerson } from './call-person.ts';
import type { CallQueue } from './call-queue.ts';
import { CallReport } from './call-report.ts';
import { openMedia, Talk } from './call-talk.ts';

export type SoftphoneHappening =
  | { readonly from: 'media'; readonly event: MediaEvent }
  | { readonly from: 'signalling'; readonly news: SipNews }
  | { readonly from: 'person'; readonly word: string };

export interface SoftphoneOptions {
  readonly box: KeyBox;
  readonly flags: CallFlags;
  readonly audio: CallAudio;
  readonly phone: SipPhone;
  readonly queue: CallQueue<SoftphoneHappening>;
  /** `USER@HOST` of the other end. */
  readonly partner: string;
  /** Places or answers the call; its number. */
  begin(media: LocalMedia): Promise<number>;
}

/** One call with a softphone until its end; closes the audio. Throws why it came to nothing. */
export async function talkToSoftphone(run: Run, options: SoftphoneOptions): Promise<void> {
  const { box, flags, audio, partner, queue } = options;
  const listen = [flags.listen?.[0] ?? '127.0.0.1'];
  const notify = (event: MediaEvent): void => queue.push({ from: 'media', event });
  const session = await openMedia(box, { flags, audio, partner: { softphone: partner }, listen, notify });
  const person = listenToPerson(run, (word) => queue.push({ from: 'person', word }));
  try {
    await new Conversation(run, options, session).go();
  } finally {
    person.stop();
    await session.close();
  }
}

class Conversation {
  readonly #options: SoftphoneOptions;
  readonly #session: MediaSession;
  readonly #report: CallReport;
  readonly #talk: Talk;
  #call = 0;

  constructor({ output }: Run, options: SoftphoneOptions, session: MediaSession) {
    this.#options = options;
    this.#session = session;
    this.#report = new CallReport(output);
    const onTime = (): void => options.queue.push({ from: 'person', word: 'q' });
    this.#talk = new Talk({ session, flags: options.flags, report: this.#report, onTime });
  }

  async go(): Promise<void> {
    const [local] = this.#session.candidates;
    if (local === undefined) return;
    this.#call = await this.#options.begin({ ...local, helloHash: this.#session.helloHash });
    for await (const happening of this.#options.queue) {
      const end = await this.#take(happening);
      if (end !== null) return this.#finish(end);
    }
  }

  async #take(happening: SoftphoneHappening): Promise<CallEnd | null> {
    switch (happening.from) {
      case 'media':
        return this.#talk.takeMedia(happening.event);
      case 'signalling':
        return this.#takeNews(happening.news);
      case 'person':
        return this.#talk.obey(happening.word);
    }
  }

  #takeNews(news: SipNews): CallEnd | null {
    if (news.kind === 'incoming' && news.call !== this.#call) this.#options.phone.refuseAsBusy(news.call);
    if (news.call !== this.#call) return null;
    if (news.kind === 'ringing') this.#report.softphone('ringing', this.#options.partner);
    if (news.kind === 'answered') return this.#connect(news.media);
    if (news.kind === 'updated') this.#talk.hold(!news.media.direction.startsWith('send'));
    if (news.kind === 'refused') this.#report.refused(news.fault.code);
    return news.kind === 'ended' ? endOf(news.ending, this.#talk.isSecure) : null;
  }

  /** Where it says that its media are may be no place for media. */
  #connect({ address, port, helloHash: zrtpHash, payloadType }: RemoteMedia): CallEnd | null {
    const profile = audioProfiles[this.#options.flags.profile];
    this.#report.softphone('connecting', this.#options.partner);
    try {
      this.#session.connect({ candidates: [{ address, port }], zrtpHash, auxiliary: null, payloadType, profile });
      return null;
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
      return { outcome: 'failed', code: cause.code, fault: cause };
    }
  }

  async #finish(end: CallEnd): Promise<void> {
    this.#talk.stop();
    this.#options.phone.end(this.#call);
    this.#report.ended(end.outcome, end.code, await this.#session.close());
    const fault = faultOfEnd(end);
    if (fault !== null) throw fault;
  }
}

/** In the words of calls between our own ends. */
function endOf({ reason, status, fault }: Ending, hasTalked: boolean): CallEnd {
  const code = fault?.code ?? (status === null ? null : `status ${status}`);
  const outcomes = {
    'hung-up': hasTalked ? 'answered' : 'failed',
    declined: 'declined',
    busy: 'busy',
    cancelled: 'missed',
    unanswered: 'missed',
    refused: 'failed',
  } as const;
  const outcome = outcomes[reason];
  return { outcome, code: outcome === 'failed' ? code : null, fault };
}
