import { type Clock, createAccount, KeyBox, type OpenSession, type Platform, unlockAccount } from '@sotto/keybox';
import { DirectoryStorage, nodePlatform } from '@sotto/keybox-node';
import { parseAddress, parseDeviceName } from '@sotto/protocol';

export interface ClientOptions {
  /** Of the vault. */
  readonly folder: string;
  readonly name: string;
  readonly suite?: 'classic' | 'hybrid';
  readonly clock?: Clock;
}

/** A keybox in this process: as fast as a client that stays open, where each command line starts anew. */
export class Client implements AsyncDisposable {
  readonly options: ClientOptions;
  #session: OpenSession | null = null;
  #box: KeyBox | null = null;

  constructor(options: ClientOptions) {
    this.options = options;
  }

  get address(): ReturnType<typeof parseAddress> {
    return parseAddress(`${this.options.name}@localhost`);
  }

  get box(): KeyBox {
    if (this.#box === null) throw new Error(`${this.options.name} is locked`);
    return this.#box;
  }

  get session(): OpenSession {
    if (this.#session === null) throw new Error(`${this.options.name} is locked`);
    return this.#session;
  }

  async signUp(invitation: string): Promise<void> {
    const { suite = 'hybrid' } = this.options;
    const session = await createAccount(await this.#platform(), this.#storage, {
      address: this.address,
      invitation,
      suite,
      roaming: false,
      vault: 'normal',
      deviceName: parseDeviceName('laptop'),
      passphrase: this.#passphrase,
    });
    this.#open(session);
  }

  async unlock(): Promise<void> {
    this.#open(await unlockAccount(await this.#platform(), this.#storage, { passphrase: this.#passphrase }));
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    this.#box = null;
    await session?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #open(session: OpenSession): void {
    this.#session = session;
    this.#box = new KeyBox(session);
  }

  async #platform(): Promise<Platform> {
    const platform = await nodePlatform();
    const { clock } = this.options;
    return clock === undefined ? platform : { ...platform, clock };
  }

  get #storage(): DirectoryStorage {
    return new DirectoryStorage(this.options.folder);
  }

  get #passphrase(): string {
    return `the passphrase of ${this.options.name} is long`;
  }
}

/** Makes two clients each other's contacts. */
export async function befriendClients(one: Client, other: Client): Promise<void> {
  await one.box.addContact(other.address);
  await other.box.sync();
  await other.box.acceptContact(one.address);
  await one.box.sync();
}
