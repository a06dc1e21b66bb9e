import { Fault } from '@sotto/bytes';
import { nodePacketCiphers } from '@sotto/crypto/node';
import { SrtpReceiver, SrtpSender } from '@sotto/srtp';
import type { Agreed } from '@sotto/zrtp';
import { AudioReceiver } from './audio-receiver.ts';
import { AudioSender, type AudioSenderOptions } from './audio-sender.ts';
import { Control } from './control.ts';
import { parseRtcp } from './rtcp.ts';
import { isRtcp, parseRtp } from './rtp.ts';
import { srtpProfile } from './srtp-profile.ts';

export interface ProtectedMediaOptions extends AudioSenderOptions {
  readonly agreed: Agreed;
  /** In our reports. */
  readonly name: string;
  /** That the other end may send. */
  readonly payloadTypes: readonly number[];
}

/** Audio and its reports under the keys of a call: samples in, packets out, and the other way. No packet leaves it in the clear. */
export class ProtectedMedia {
  readonly #agreed: Agreed;
  readonly #sender: SrtpSender;
  readonly #receiver: SrtpReceiver;
  readonly audioSender: AudioSender;
  readonly audioReceiver: AudioReceiver;
  readonly control: Control;

  constructor({ agreed, name, payloadTypes, ...options }: ProtectedMediaOptions) {
    const common = { ciphers: nodePacketCiphers, profile: srtpProfile(agreed.algorithms) };
    this.#agreed = agreed;
    this.#sender = new SrtpSender({ ...common, master: agreed.own });
    this.#receiver = new SrtpReceiver({ ...common, master: agreed.peer });
    this.audioSender = new AudioSender(options);
    this.audioReceiver = new AudioReceiver(payloadTypes);
    this.control = new Control(name);
  }

  nextPacket(muted: boolean): Uint8Array<ArrayBuffer> {
    return this.#sender.protectRtp(this.audioSender.next(muted));
  }

  report({ isBye, now }: { readonly isBye: boolean; readonly now: number }): Uint8Array<ArrayBuffer> {
    const { source, sent } = this.audioSender;
    const { source: peer, reception } = this.audioReceiver;
    const theirs = peer === null || reception === null ? null : { source: peer, reception };
    return this.#sender.protectRtcp(this.control.report({ source, sent, isBye }, theirs, now));
  }

  /** What a datagram was; `refused` for whatever is not genuine, new and well-formed. */
  take(datagram: Uint8Array, { now, timeOfDay }: { readonly now: number; readonly timeOfDay: number }): Taken {
    try {
      return isRtcp(datagram) ? this.#takeControl(datagram, timeOfDay) : this.#takeAudio(datagram, now);
    } catch (cause) {
      if (cause instanceof Fault && cause.blame !== 'bug') return 'refused';
      throw cause;
    }
  }

  /** Wipes all keys. */
  dispose(): void {
    this.#sender[Symbol.dispose]();
    this.#receiver[Symbol.dispose]();
    this.#agreed.dispose();
  }

  #takeAudio(datagram: Uint8Array, now: number): Taken {
    const packet = parseRtp(this.#receiver.unprotectRtp(datagram));
    if (packet.source === this.audioSender.source) this.audioSender.changeSource();
    this.audioReceiver.put(packet, now);
    return 'audio';
  }

  #takeControl(datagram: Uint8Array, timeOfDay: number): Taken {
    const facts = parseRtcp(this.#receiver.unprotectRtcp(datagram));
    this.control.take(facts, this.audioSender.source, timeOfDay);
    return facts.isBye ? 'bye' : 'control';
  }
}

export type Taken = 'audio' | 'control' | 'bye' | 'refused';
