/** Version of the protocol of the socket. */
export const AGENT_PROTOCOL = 1;

/** Longest frame: the largest container or list that a command handles. */
export const MAX_AGENT_FRAME_BYTES: number = 64 * 1024 * 1024;

/** Programs that speak to the agent at once. */
export const MAX_CLIENTS = 64;

/** Functions and signals that one side lends the other at once. */
export const MAX_LENT = 1024;

/** Calls of one client that are under way at once. */
export const MAX_CALLS = 64;
