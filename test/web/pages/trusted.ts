/** The policy of the pages of tests lets every script be started. */
export function trusted(url: string): string {
  return policy === undefined ? url : (policy.createScriptURL(url) as unknown as string);
}

interface TypePolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): object };
}

const factory = (globalThis as { readonly trustedTypes?: TypePolicyFactory }).trustedTypes;
const policy = factory?.createPolicy('test', { createScriptURL: (url) => url });
