/** What carries a channel: whole binary messages, in order. A WebSocket needs a few lines to be one. */
export interface FrameSocket {
  /** Does nothing once closed. */
  send(bytes: Uint8Array): void;
  /** Called once, before anything arrives. */
  onMessage(receive: (bytes: Uint8Array) => void): void;
  /** Called once; the callback comes at most once, whoever closed. */
  onClose(closed: () => void): void;
  /** What was sent before still leaves. */
  close(): void;
}

export interface ChannelClock {
  /** Milliseconds since any fixed moment; used for differences alone. */
  now(): number;
}

export interface ChannelTimer {
  /** Calls `expire` once unless the function that it returns is called first. */
  after(milliseconds: number, expire: () => void): () => void;
}
