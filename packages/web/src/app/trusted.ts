/** The one Trusted Types policy of the page: it names the two scripts that may be started beside the page's own. */
export function trustedWorker(url: string): string {
  return policy === undefined ? checked(url) : (policy.createScriptURL(url) as unknown as string);
}

function checked(url: string): string {
  const { origin, pathname } = new URL(url, location.href);
  if (origin === location.origin && WORKERS.test(pathname)) return url;
  throw new TypeError('no script of this client');
}

interface TypePolicy {
  createScriptURL(url: string): object;
}

interface TypePolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): TypePolicy;
}

const WORKERS = /^\/(?:service-worker\.js|assets\/vault-worker-[\w-]+\.js|src\/app\/vault-worker\.ts)$/;

const factory = (globalThis as { readonly trustedTypes?: TypePolicyFactory }).trustedTypes;
const policy = factory?.createPolicy('sotto', { createScriptURL: checked });
