import { type FrameCounts, type FrameKeyMaterial, FrameTransforms } from '@sotto/sframe/web';

/**
 * Sound and pictures from one peer connection to another, first without keys, then with the key on one side, then on both;
 * or all of it in the clear. Gives what went wrong.
 */
export async function framesCall(from: 'protected' | 'clear'): Promise<string[]> {
  const call = new Call();
  try {
    await call.connect(from);
    await (from === 'protected' ? call.pass() : call.refuse());
    return [];
  } catch (cause) {
    return [`${cause instanceof Error ? cause.message : cause}: ${JSON.stringify(await call.state())}`];
  } finally {
    call.end();
  }
}

class Call {
  readonly #left = new RTCPeerConnection();
  readonly #right = new RTCPeerConnection();
  readonly #workers = [1, 2].map(() => new Worker('/frames-worker.js', { type: 'module' }));
  readonly #sending = new FrameTransforms(this.#workers[0] as Worker);
  readonly #hearing = new FrameTransforms(this.#workers[1] as Worker);
  readonly #audio = new AudioContext();
  readonly #video = document.createElement('video');
  readonly #ear = this.#audio.createAnalyser();
  #painting = 0;

  async connect(from: 'protected' | 'clear'): Promise<void> {
    const [left, right] = [this.#left, this.#right];
    for (const [one, other] of [
      [left, right],
      [right, left],
    ] as const)
      one.addEventListener('icecandidate', ({ candidate }) => void other.addIceCandidate(candidate ?? undefined));
    const played = new MediaStream();
    this.#video.srcObject = played;
    right.addEventListener('track', ({ track, receiver }) => {
      this.#hearing.protectReceiver(receiver, track.kind === 'audio' ? 'opus' : 'vp8');
      played.addTrack(track);
      void this.#video.play();
      if (track.kind === 'audio') this.#audio.createMediaStreamSource(new MediaStream([track])).connect(this.#ear);
    });
    for (const track of [await this.#tone(), this.#picture()]) {
      const sender = left.addTrack(track);
      if (from === 'protected') this.#sending.protectSender(sender, track.kind === 'audio' ? 'opus' : 'vp8');
    }
    const video = left.getTransceivers().find(({ sender }) => sender.track?.kind === 'video');
    const { codecs } = RTCRtpReceiver.getCapabilities('video') as RTCRtpCapabilities;
    video?.setCodecPreferences(codecs.filter(({ mimeType }) => mimeType === 'video/VP8'));
    await left.setLocalDescription();
    await right.setRemoteDescription(left.localDescription as RTCSessionDescription);
    await right.setLocalDescription();
    await left.setRemoteDescription(right.localDescription as RTCSessionDescription);
  }

  async pass(): Promise<void> {
    await this.#until('nothing is sent without a key', ({ sent }) =>
      ['send opus', 'send vp8'].every((name) => dropped(sent, name, 'key-missing') > 5),
    );
    await this.#mustBeSilent('without a key');
    this.#sending.sealWith(key());
    await this.#until('nothing is played without the key', ({ heard }) =>
      ['receive opus', 'receive vp8'].every((name) => dropped(heard, name, 'key-unknown') > 5),
    );
    await this.#mustBeSilent('with the key on one side');
    this.#hearing.openWith(key());
    await this.#until('sound and pictures arrive', ({ heard, pictures, loudness }) =>
      [passed(heard, 'receive opus') > 20, passed(heard, 'receive vp8') > 5, pictures > 3, loudness > 0].every(Boolean),
    );
  }

  /** The other end sends as if it knew of no keys. */
  async refuse(): Promise<void> {
    this.#hearing.openWith(key());
    await this.#until('frames in the clear are dropped', ({ heard }) =>
      ['receive opus', 'receive vp8'].every((name) => allDropped(heard, name) > 10),
    );
    await this.#mustBeSilent('in the clear');
  }

  async state(): Promise<State> {
    const reports = [...(await this.#right.getStats()).values()].filter(({ type }) => type === 'inbound-rtp');
    const of = (kind: string) => reports.find((report) => report.kind === kind) ?? {};
    const [sent, heard] = await Promise.all([this.#sending.counts(), this.#hearing.counts()]);
    const samples = new Float32Array(this.#ear.fftSize);
    this.#ear.getFloatTimeDomainData(samples);
    // Without a loudspeaker the sound of one browser gets as far as this, that of the other as far as that.
    const loudness = Math.max(of('audio').totalAudioEnergy ?? 0, ...samples);
    return {
      sent,
      heard,
      loudness,
      pictures: of('video').framesDecoded ?? 0,
      connection: this.#right.connectionState,
    };
  }

  end(): void {
    clearInterval(this.#painting);
    for (const connection of [this.#left, this.#right]) connection.close();
    for (const worker of this.#workers) worker.terminate();
    void this.#audio.close();
  }

  async #mustBeSilent(when: string): Promise<void> {
    const { heard, loudness, pictures } = await this.state();
    const count = passed(heard, 'receive opus') + passed(heard, 'receive vp8');
    if (count + loudness + pictures !== 0) throw new Error(`something was played ${when}`);
  }

  async #until(what: string, isSo: (state: State) => boolean): Promise<void> {
    const end = performance.now() + 30_000;
    while (!isSo(await this.state())) {
      if (performance.now() > end) throw new Error(`never: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Of a device that does not exist and beeps. */
  async #tone(): Promise<MediaStreamTrack> {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    return stream.getAudioTracks()[0] as MediaStreamTrack;
  }

  #picture(): MediaStreamTrack {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [160, 120];
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    let hue = 0;
    this.#painting = window.setInterval(() => {
      hue = (hue + 20) % 360;
      context.fillStyle = `hsl(${hue} 100% 50%)`;
      context.fillRect(0, 0, canvas.width, canvas.height);
    }, 50);
    return canvas.captureStream(20).getVideoTracks()[0] as MediaStreamTrack;
  }
}

interface State {
  readonly sent: FrameCounts;
  readonly heard: FrameCounts;
  readonly loudness: number;
  readonly pictures: number;
  readonly connection: string;
}

/** A new copy each time: what is handed over is wiped. */
function key(): FrameKeyMaterial {
  return { keyId: 7n, suite: 5, baseKey: new Uint8Array(32).fill(9) };
}

function passed(counts: FrameCounts, name: string): number {
  return counts[name]?.passed ?? 0;
}

function dropped(counts: FrameCounts, name: string, code: string): number {
  return counts[name]?.dropped[code] ?? 0;
}

function allDropped(counts: FrameCounts, name: string): number {
  return Object.values(counts[name]?.dropped ?? {}).reduce((sum, count) => sum + count, 0);
}
