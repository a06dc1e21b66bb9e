import { argon2Floor, type Suites } from '@sotto/crypto';
import type {
  AccountRecord,
  Address,
  Authenticate,
  ChannelRefusal,
  DeviceKey,
  Directory,
  KemName,
  RefusalCode,
} from '@sotto/protocol';
import { credentialsOf, deviceOf } from '../accounts/credentials.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Store } from '../store/store.ts';
import type { Charge, SignInThrottle } from '../throttle/throttle.ts';

export interface ConnectionContext {
  readonly store: Store;
  readonly suites: Suites;
  readonly throttle: SignInThrottle;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** For limits. */
  readonly source: string;
  /** Stands for the source in logs: changes with every start. */
  readonly sourceLabel: string;
  now(): number;
  /** The client has said who it wants to be. */
  identified(): void;
}

/** What one connection's handshake asks of the server's books. */
export class ConnectionDirectory implements Directory {
  readonly #context: ConnectionContext;
  #kem: KemName | null = null;
  /** What this connection's sign-in was booked on. */
  charge: Charge | null = null;

  constructor(context: ConnectionContext) {
    this.#context = context;
  }

  async admit(request: Authenticate, kem: KemName): Promise<ChannelRefusal | null> {
    this.#context.identified();
    this.#kem = kem;
    if (request.mode !== 'account') return null;
    const { throttle, source, sourceLabel, metrics, logger, now } = this.#context;
    const { address, exemption, altcha } = request;
    const verdict = await throttle.admit({ address, source, exemption, altcha }, now());
    metrics.signIn(verdict.kind);
    if (verdict.kind === 'admitted') {
      this.charge = verdict.charge;
      return null;
    }
    logger.warn('sign-in-slowed', { source: sourceLabel, by: verdict.kind });
    return verdict.kind === 'throttled'
      ? { error: 'throttled', retryAfterSeconds: verdict.retryAfterSeconds, challenge: null }
      : { error: 'proof-of-work-needed', retryAfterSeconds: null, challenge: verdict.challenge };
  }

  async findDevice(account: Uint8Array, device: Uint8Array): Promise<DeviceKey | RefusalCode> {
    const { store, suites } = this.#context;
    const found = await deviceOf(store, account, device);
    if (found === null) return 'device-unknown';
    if (found.suspended) return 'account-suspended';
    const suite = suites.byId(found.suite);
    if (this.#kem === 'p-384' && suite.name !== 'classic') return 'not-authorised';
    return { kem: suite.kem, publicKey: found.kem };
  }

  async findAccount(address: Address): Promise<AccountRecord> {
    const found = await credentialsOf(this.#context.store, address, this.#context.now());
    return { record: found?.record ?? null, parameters: argon2Floor };
  }
}
