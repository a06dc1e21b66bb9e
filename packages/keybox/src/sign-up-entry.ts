import { equal, Fault } from '@sotto/bytes';
import { addressDomain, ProtocolPolicyFault, type SignUpStep } from '@sotto/protocol';
import type { Cluster } from './cluster.ts';
import { KeyboxPolicyFault } from './fault.ts';
import type { SignUpContext } from './new-account.ts';
import { checkPassphrase } from './passphrase.ts';
import { checkSignUp } from './policy/sign-up.ts';
import { invitedCluster, lookInvitation, register } from './registration.ts';
import { type AccountState, readBundle, type SignedIn, signIn } from './sign-in.ts';
import { keepSignUp, readSignUp, type SignUp } from './sign-up-file.ts';

/** A sign-up that is registered and signed in. */
export interface EnteredSignUp {
  readonly signUp: SignUp;
  readonly cluster: Cluster;
  readonly signedIn: SignedIn;
  readonly state: AccountState;
  /** How far the server has it. */
  readonly step: SignUpStep;
}

/**
 * Takes the sign-up of this directory up again, or begins one, and signs in: everything after goes over that channel,
 * which is the caller's to close. Throws `address-taken` for an account that was made elsewhere.
 */
export async function enterSignUp(context: SignUpContext): Promise<EnteredSignUp> {
  const known = await readSignUp(context.storage);
  const resumed = known === null || known.stage === 'started' ? null : known;
  const cluster = clusterOf(context, resumed);
  const begun = resumed ?? (await begin(context, cluster));
  if (begun.vaultMode === 'advanced') checkPassphrase(context.options.vaultPassphrase ?? '');
  const { signUp, signedIn } = await new Entry(context, cluster).enter(begun);
  try {
    const state = await readBundle(context.platform, signedIn, { address: signUp.address, cluster });
    if (state.signUp === null || !equal(state.signUp.id, signUp.id)) {
      throw new ProtocolPolicyFault('address-taken', 'this address belongs to an account that was made elsewhere');
    }
    return { signUp, cluster, signedIn, state, step: state.signUp.step };
  } catch (cause) {
    signedIn.signIn.exportKey.dispose();
    signedIn.channel.close();
    throw cause;
  }
}

/** The server has dropped the sign-up: the next attempt begins anew. */
export async function giveUpSignUp(context: SignUpContext, { policyKey }: SignUp): Promise<void> {
  await keepSignUp(context.storage, freshSignUp(context, policyKey));
}

/** What was begun with one invitation goes on with it. */
function clusterOf({ platform, options }: SignUpContext, resumed: SignUp | null): Cluster {
  const { suites } = platform;
  const suite = resumed === null ? suites.byName(options.suite) : suites.byId(resumed.suite);
  const { invitation, address } = resumed ?? options;
  return invitedCluster(invitation, { domain: addressDomain(address), suite });
}

async function begin(context: SignUpContext, cluster: Cluster): Promise<SignUp> {
  const { platform, storage, options } = context;
  options.progress?.('invitation');
  const invited = await lookInvitation(platform, cluster, options.invitation);
  await checkSignUp(platform.suites, invited, options);
  return keepSignUp(storage, freshSignUp(context, invited.policyKey));
}

function freshSignUp({ platform, options }: SignUpContext, policyKey: Uint8Array | null): SignUp {
  const { primitives, suites } = platform;
  const { invitation, address, suite, deviceName, roaming, vault } = options;
  return {
    v: 1,
    id: primitives.randomBytes(16),
    stage: 'started',
    invitation,
    address,
    domain: addressDomain(address),
    suite: suites.byName(suite).id,
    deviceName,
    roaming,
    vaultMode: vault,
    vaultId: primitives.randomBytes(16),
    exemption: primitives.randomBytes(32),
    policyKey,
  };
}

/** Registration and sign-in, as far as they are not done. */
class Entry {
  readonly #context: SignUpContext;
  readonly #cluster: Cluster;

  constructor(context: SignUpContext, cluster: Cluster) {
    this.#context = context;
    this.#cluster = cluster;
  }

  /** Registers unless that was done, and signs in. */
  async enter(begun: SignUp): Promise<{ readonly signUp: SignUp; readonly signedIn: SignedIn }> {
    if (begun.stage === 'registered') {
      try {
        return { signUp: begun, signedIn: await this.#signIn(begun) };
      } catch (cause) {
        const again = await this.#registerExpired(begun, cause);
        return { signUp: again, signedIn: await this.#signIn(again) };
      }
    }
    const signUp =
      begun.stage === 'started' ? await this.#register(begun, begun) : await this.#registerUnlessHeard(begun);
    return { signUp, signedIn: await this.#signIn(signUp) };
  }

  async #register(signUp: SignUp, otherwise: SignUp): Promise<SignUp> {
    const { platform, storage, options } = this.#context;
    const { passphrase } = options;
    options.progress?.('registration');
    const home = { cluster: this.#cluster, storage };
    return register(platform, home, { signUp, otherwise, passphrase });
  }

  /** Nobody here knows whether the server heard the registration: it refuses a second one if it did. */
  async #registerUnlessHeard(signUp: SignUp): Promise<SignUp> {
    try {
      return await this.#register(signUp, signUp);
    } catch (cause) {
      if (!(cause instanceof Fault) || !HELD.has(cause.code)) throw cause;
      return keepSignUp(this.#context.storage, { ...signUp, stage: 'registered' });
    }
  }

  /**
   * An unknown account looks like a wrong passphrase. Only if the server lets the name be registered anew was the
   * reservation given up; the vault of the old one is left behind.
   */
  async #registerExpired(signUp: SignUp, rejection: unknown): Promise<SignUp> {
    if (!(rejection instanceof KeyboxPolicyFault) || rejection.code !== 'wrong-passphrase') throw rejection;
    try {
      return await this.#register(freshSignUp(this.#context, signUp.policyKey), signUp);
    } catch (cause) {
      throw cause instanceof Fault && cause.blame === 'policy' ? rejection : cause;
    }
  }

  #signIn({ address, exemption }: SignUp): Promise<SignedIn> {
    const { platform, options } = this.#context;
    const { passphrase } = options;
    options.progress?.('sign-in');
    return signIn(platform, this.#cluster, { address, passphrase, pinned: null, exemption });
  }
}

const HELD: ReadonlySet<string> = new Set(['invitation-used', 'address-taken']);
