/** How far behind the newest packet a late one may be: 128 packets are 2.5 seconds of audio (RFC 3711 asks for 64). */
export const REPLAY_WINDOW = 128;

/** Synchronisation sources of one stream and direction: a call has one, and a few while it is renegotiated. */
export const MAX_SOURCES = 16;

/** Packets under one master key (RFC 3711 section 9.2). */
export const MAX_RTP_INDEX: number = 2 ** 48 - 1;
export const MAX_RTCP_INDEX: number = 2 ** 31 - 1;
