export type { AgentStatus, UnlockRequest } from './agent-interface.ts';
export { type RunAgentOptions, runAgent } from './run-agent.ts';
export { type VaultTools, vaultTools } from './vault-tools.ts';
