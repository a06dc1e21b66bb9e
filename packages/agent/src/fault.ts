import { PeerFault, UsageFault, WireFault } from '@sotto/bytes';

/** `agent-frame-malformed`: bytes on the socket that are no frame or message of the protocol. */
export type AgentWireCode = 'agent-frame-malformed';

/** `agent-untrusted`: socket, directory or process at the other end belong to somebody else, or are open to others. */
export type AgentPeerCode = 'agent-untrusted';

/**
 * `agent-lost`: the agent ended before it answered. `agent-outdated`: it runs another version of the program.
 * `vault-in-use`: another program, the agent most of all, holds the lock of the account.
 */
export type AgentUsageCode =
  | 'agent-running'
  | 'agent-not-running'
  | 'agent-not-started'
  | 'agent-lost'
  | 'agent-outdated'
  | 'agent-method-unknown'
  | 'vault-in-use';

export class AgentWireFault extends WireFault<AgentWireCode> {}
export class AgentPeerFault extends PeerFault<AgentPeerCode> {}
export class AgentUsageFault extends UsageFault<AgentUsageCode> {}
