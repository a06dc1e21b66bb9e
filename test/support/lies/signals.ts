import type { Lies } from './handlers.entry.ts';

/** Sealed and signed from device to device, so this is all that a server can make of them. */
export const signalLies: Lies = {
  async 'signals.send'({ input, order, ask }) {
    if (order.lie === 'keep-signals') kept.push(input.container);
    if (order.lie !== 'swap-signals') return ask();
    const [first] = kept;
    count += 1;
    const other = count % 2 === 0 && first !== undefined ? first : altered(input.container);
    return ask({ ...input, container: other });
  },
};

function altered(container: Uint8Array): Uint8Array {
  return container.map((byte, i) => (i === container.length - 40 ? byte ^ 1 : byte));
}

const kept: Uint8Array[] = [];
let count = 0;
