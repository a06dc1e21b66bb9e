/** Where a voice comes from: 16-bit samples of one channel at 48 kHz. */
export interface AudioSource {
  /** So many samples, silence where there are none. */
  read(count: number): Int16Array;
  close(): Promise<void>;
}

/** Where a voice goes. */
export interface AudioSink {
  write(samples: Int16Array): void;
  close(): Promise<void>;
}

/** Says nothing. */
export const silence: AudioSource = { read: (count) => new Int16Array(count), close: async () => undefined };

/** Is heard by nobody. */
export const nowhere: AudioSink = { write: () => undefined, close: async () => undefined };
