/** How one end sends its voice. */
export interface AudioProfile {
  readonly name: 'standard' | 'low-bandwidth';
  /** Of one packet. */
  readonly packetMilliseconds: 20 | 60;
  /** Of Opus alone, constant: sizes that follow the voice tell what is said. */
  readonly bitsPerSecond: number;
  /** Of the encoder, 0 to 10. */
  readonly complexity: number;
  readonly rtcpSeconds: number;
}

export const audioProfiles: Readonly<Record<AudioProfile['name'], AudioProfile>> = {
  standard: { name: 'standard', packetMilliseconds: 20, bitsPerSecond: 32_000, complexity: 9, rtcpSeconds: 2 },
  // With headers of IPv4, UDP, RTP and the tag of SRTP less than 20 kbit/s.
  'low-bandwidth': {
    name: 'low-bandwidth',
    packetMilliseconds: 60,
    bitsPerSecond: 12_000,
    complexity: 10,
    rtcpSeconds: 5,
  },
};

export const SAMPLES_PER_MILLISECOND = 48;
