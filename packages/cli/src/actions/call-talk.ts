import { Fault } from '@sotto/bytes';
import { type MediaEvent, MediaSession, zrtpChoices } from '@sotto/call-node';
import type { CallPartner, KeyBox } from '@sotto/keybox';
import type { CallFlags } from '../routes/call.ts';
import type { CallAudio } from './call-audio.ts';
import type { CallEnd } from './call-end.ts';
import type { CallReport } from './call-report.ts';
import { vaultSecrets } from './call-secrets.ts';

export interface MediaParts {
  readonly flags: CallFlags;
  /** Closed when the call is over, or cannot begin. */
  readonly audio: CallAudio;
  readonly partner: CallPartner;
  /** IP addresses of this machine. */
  readonly listen: readonly string[] | undefined;
  notify(event: MediaEvent): void;
}

/** The media of one call, with what earlier ones left in the vault. Throws `address-malformed`, `address-unavailable`. */
export async function openMedia(box: KeyBox, parts: MediaParts): Promise<MediaSession> {
  const { flags, audio, partner, listen, notify } = parts;
  try {
    return await MediaSession.open({
      zid: await box.calls.zid(),
      secrets: vaultSecrets(box, partner),
      choices: flags.strong ? zrtpChoices.strongest : zrtpChoices.default,
      ...(listen === undefined ? {} : { listen }),
      audio,
      notify,
    });
  } catch (cause) {
    await Promise.all([audio.source.close(), audio.sink.close()]);
    throw cause;
  }
}

export interface TalkParts {
  readonly session: MediaSession;
  readonly flags: CallFlags;
  readonly report: CallReport;
  /** Before the keys are told to anybody. */
  onSecure?(): Promise<void>;
  onMuted?(muted: boolean): Promise<void>;
  /** The call has lasted as long as it may. */
  onTime(): void;
}

/** A call as it is on this side, whoever signals it: what its media tell, and what the person wants. */
export class Talk {
  readonly #parts: TalkParts;
  #isMuted = false;
  #isHeld = false;
  #sas: string | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: TalkParts) {
    this.#parts = parts;
  }

  get isSecure(): boolean {
    return this.#sas !== null;
  }

  /** How the call has ended; null while it goes on. */
  async takeMedia(event: MediaEvent): Promise<CallEnd | null> {
    const { report, flags } = this.#parts;
    switch (event.kind) {
      case 'secure':
        await this.#parts.onSecure?.();
        this.#sas = event.sas;
        report.secure(event);
        if (flags.confirmSas) await this.#confirm();
        this.#limit();
        return null;
      case 'audio':
        report.audio();
        return null;
      case 'refused':
        report.refused(event.fault.code);
        return null;
      case 'ended':
        return endOf(event.fault);
    }
  }

  /** `q` hangs up, `y` says that both have compared, `m` mutes; null while the call goes on. */
  async obey(word: string): Promise<CallEnd | null> {
    if (word === 'q') return { outcome: this.isSecure ? 'answered' : 'cancelled', code: null, fault: null };
    if (word === 'y') await this.#confirm();
    if (word === 'm') await this.#mute();
    return null;
  }

  /** On hold nothing is to be sent that the other end would have to hear. */
  hold(isHeld: boolean): void {
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    this.#hush();
    this.#parts.report.held(isHeld);
  }

  /** It is over: no time ends it any more. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #confirm(): Promise<void> {
    if (this.#sas === null) return;
    await this.#parts.session.confirmSas();
    this.#parts.report.confirmed(this.#sas);
  }

  async #mute(): Promise<void> {
    this.#isMuted = !this.#isMuted;
    this.#hush();
    await this.#parts.onMuted?.(this.#isMuted);
    this.#parts.report.muted(this.#isMuted);
  }

  #hush(): void {
    this.#parts.session.muted = this.#isMuted || this.#isHeld;
  }

  #limit(): void {
    const { flags, onTime } = this.#parts;
    if (flags.seconds !== undefined) this.#timer = setTimeout(onTime, flags.seconds * 1000);
  }
}

/** What is no fault of ours or of others is a bug, and thrown. */
function endOf(cause: Fault | null): CallEnd {
  if (cause !== null && !(cause instanceof Fault)) throw cause;
  return { outcome: cause === null ? 'answered' : 'failed', code: cause?.code ?? null, fault: cause };
}
