import type { Transport } from '@sotto/keybox';

/** Bytes of all frames of a client, in both directions. */
export interface ByteCount {
  bytes: number;
}

/** The same transport, counted. */
export function countBytes(transport: Transport, count: ByteCount): Transport {
  return {
    async connect(place) {
      const socket = await transport.connect(place);
      return {
        send(frame) {
          count.bytes += frame.length;
          socket.send(frame);
        },
        onMessage(receive) {
          socket.onMessage((frame) => {
            count.bytes += frame.length;
            receive(frame);
          });
        },
        onClose: (closed) => socket.onClose(closed),
        close: () => socket.close(),
      };
    },
  };
}
