import { CryptoUsageFault } from '../fault.ts';
import type { Primitives } from '../ports.ts';
import type { Suite, SuiteFactory, Suites } from '../suite.ts';
import { classic } from './classic.ts';
import { hybrid } from './hybrid.ts';

/**
 * The built-in suites and those of third parties, whose ids lie in 0x8000..0xffff. Throws `suite-invalid` for an id
 * outside that range and for an id or a name that is taken.
 */
export function createSuites(primitives: Primitives, extra: readonly SuiteFactory[] = []): Suites {
  const suites = [classic(primitives), hybrid(primitives)];
  for (const create of extra) {
    const suite = create(primitives);
    checkThirdParty(suite, suites);
    suites.push(suite);
  }
  const all = suites.sort((left, right) => left.id - right.id);
  return {
    all,
    byId: (id) => found(all.find((suite) => suite.id === id)),
    byName: (name) => found(all.find((suite) => suite.name === name)),
  };
}

function checkThirdParty({ id, name }: Suite, known: readonly Suite[]): void {
  if (!Number.isInteger(id) || id < FIRST_THIRD_PARTY_ID || id > LAST_THIRD_PARTY_ID)
    throw invalid('a reserved id', id);
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(name)) throw invalid('a name that is not kebab-case', id);
  if (known.some((suite) => suite.id === id || suite.name === name)) throw invalid('an id or name that is taken', id);
}

function found(suite: Suite | undefined): Suite {
  if (suite === undefined) throw new CryptoUsageFault('suite-unknown', 'no such suite is loaded');
  return suite;
}

function invalid(what: string, id: number): CryptoUsageFault {
  return new CryptoUsageFault('suite-invalid', `a suite module with ${what}`, { detail: { id } });
}

const FIRST_THIRD_PARTY_ID = 0x8000;
const LAST_THIRD_PARTY_ID = 0xffff;
