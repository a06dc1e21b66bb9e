/** A recording in Ogg Opus: packets of the sizes given, each of 20 ms; what is in them is noise. */
export function recording(sizes: readonly number[]): Uint8Array {
  const head = new Uint8Array(19);
  head.set(new TextEncoder().encode('OpusHead'));
  head[8] = 1;
  head[9] = 1;
  new DataView(head.buffer).setUint16(10, PRE_SKIP, true);
  const tags = new Uint8Array(16);
  tags.set(new TextEncoder().encode('OpusTags'));
  const pages = [page([head], 0n), page([tags], 0n)];
  for (let from = 0; from < sizes.length; from += 20) {
    const packets = sizes.slice(from, from + 20).map((size) => new Uint8Array(size).fill(size & 0xff));
    pages.push(page(packets, BigInt((from + packets.length) * 960 + PRE_SKIP)));
  }
  return Uint8Array.from(pages.flatMap((each) => [...each]));
}

function page(packets: readonly Uint8Array[], granule: bigint): Uint8Array {
  const lacing = packets.flatMap(({ length }) => [
    ...new Array<number>(Math.floor(length / 255)).fill(255),
    length % 255,
  ]);
  const header = new Uint8Array(27);
  header.set(new TextEncoder().encode('OggS'));
  new DataView(header.buffer).setBigInt64(6, granule, true);
  header[26] = lacing.length;
  return Uint8Array.from([...header, ...lacing, ...packets.flatMap((packet) => [...packet])]);
}

const PRE_SKIP = 312;
