export {
  type AgentPeerCode,
  AgentPeerFault,
  type AgentUsageCode,
  AgentUsageFault,
  type AgentWireCode,
} from '../fault.ts';
export { type AgentClient, connectAgent } from './client.ts';
export type { RemoteAccount, RemoteUpkeep } from './remote-box.ts';
