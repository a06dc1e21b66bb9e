import { hex, parseHex } from '@sotto/bytes';
import { releaseKeyFingerprint } from '@sotto/protocol';
import type { Refusal, ReleaseNews, ReleaseQuestion, ReleaseState } from '../release/state.ts';
import { type FetchedRelease, fetchAsset, fetchKey, fetchRelease, fetchWorkerHash } from './from-server.ts';
import { dropOthers, KeptRelease, WORKER_PATH } from './kept-release.ts';
import { type Memory, recall, remember } from './memory.ts';
import { Refused, Unreachable } from './refused.ts';
import { tellPages } from './scope.ts';

/** The releases of this browser: the one in use, the next, the one before. Everything that changes them waits its turn. */
export class Releases {
  readonly #pin: string;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #kept = new Map<string, KeptRelease | null>();

  /** `pin`: the release key, hexadecimal. */
  constructor(pin: string) {
    this.#pin = pin;
  }

  /** Makes sure that there is a release. Throws `Refused` and `Unreachable`, after the pages were told. */
  install(): Promise<void> {
    return this.#inTurn(async () => {
      try {
        await this.#ensureCurrent();
      } catch (error) {
        if (error instanceof Refused) await this.#refuse(error.refusal);
        throw error;
      }
    });
  }

  /** Does what a page asks; whatever it was, the answer is how things stand then. */
  async answer(question: ReleaseQuestion): Promise<ReleaseState> {
    if (question.kind !== 'state') await this.#inTurn(() => this.#obey(question));
    return await this.state();
  }

  async state(): Promise<ReleaseState> {
    const { current, update, nextWorker, refusal } = await recall();
    const facts = async (hash: string | null) => (await this.#keptOf(hash))?.facts ?? null;
    return { current: await facts(current), update: await facts(update), nextWorker, refusal };
  }

  /** What the release in use has under a path, or what the one before had; null if neither names it. */
  async find(path: string): Promise<Response | null> {
    const { current, previous } = await recall();
    for (const hash of [current, previous]) {
      const kept = await this.#keptOf(hash);
      const answer = (await kept?.answer(path)) ?? (kept === null ? null : await this.#mended(kept, path));
      if (answer !== null) return answer;
    }
    return null;
  }

  /** Remembers a refusal and tells the pages. */
  async refuse(refusal: Refusal): Promise<void> {
    await this.#inTurn(() => this.#refuse(refusal));
  }

  async #obey(question: Exclude<ReleaseQuestion, { readonly kind: 'state' }>): Promise<void> {
    switch (question.kind) {
      case 'look':
        return await this.#guarded(() => this.#look());
      case 'switch':
        return await this.#switch();
      case 'judge-worker':
        return await this.#guarded(() => this.#judgeWorker());
      case 'accept-key':
        return await this.#guarded(() => this.#acceptKey(question.keyFingerprint));
      case 'put-away':
        return await this.#change({ refusal: null });
    }
  }

  async #look(): Promise<void> {
    const memory = await recall();
    const fetched = await fetchRelease(this.#pin, memory);
    const { hash } = memory.newest ?? {};
    const isKnown = hash !== undefined && (hash === memory.current || hash === memory.update);
    if (!isKnown || fetched.signed.release.at > (memory.newest?.at ?? 0)) await this.#take(fetched, 'update');
  }

  /** Every asset is judged before any of them counts. */
  async #take({ signed, manifest }: FetchedRelease, as: 'current' | 'update'): Promise<void> {
    const memory = await recall();
    const current = await this.#keptOf(memory.current);
    const kept = await KeptRelease.keep(
      signed,
      manifest,
      async (asset) => (await current?.bytesOf(asset)) ?? (await fetchAsset(asset)),
    );
    const { hash, at } = kept.facts;
    this.#kept.set(hash, kept);
    await this.#change({ [as]: hash, newest: { at, hash }, refusal: null });
    await this.#drop();
  }

  async #switch(): Promise<void> {
    const { current, update } = await recall();
    if (update === null || (await this.#keptOf(update)) === null) return;
    await this.#change({ current: update, previous: current, update: null, nextWorker: null });
    await this.#drop();
    await tellPages({ kind: 'switched' } satisfies ReleaseNews);
  }

  /** What we are given for the worker must be what a signed manifest names; the browser may have been given something else. */
  async #judgeWorker(): Promise<void> {
    await this.#change({ nextWorker: null });
    const hash = await fetchWorkerHash();
    await this.#look();
    const { current, update } = await this.state();
    const isUpdate = update !== null && update.workerHash !== current?.workerHash;
    if (!isUpdate || hash !== update.workerHash) throw new Refused('worker-replaced', { path: WORKER_PATH });
    await this.#change({ nextWorker: hash });
  }

  async #acceptKey(fingerprint: string): Promise<void> {
    const acceptedKey = await fetchKey(fingerprint);
    if (acceptedKey === null) throw new Refused('release-key-changed');
    await this.#change({ acceptedKey, refusal: null });
    await this.#look();
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof Refused) await this.#refuse(error.refusal);
      else if (!(error instanceof Unreachable)) throw error;
    }
  }

  async #refuse(refusal: Refusal): Promise<void> {
    await this.#change({ refusal });
    await this.#drop();
  }

  async #mended(kept: KeptRelease, path: string): Promise<Response | null> {
    const asset = kept.asset(path);
    if (asset === null) return null;
    await kept.mend(asset, await fetchAsset(asset));
    return await kept.answer(path);
  }

  async #ensureCurrent(): Promise<void> {
    const memory = await recall();
    const current = await this.#keptOf(memory.current);
    if (current === null) return await this.#take(await fetchRelease(this.#pin, memory), 'current');
    if (hex(current.key) === (memory.acceptedKey ?? this.#pin)) return;
    throw new Refused('release-key-changed', { keyFingerprint: releaseKeyFingerprint(parseHex(this.#pin)) });
  }

  async #keptOf(hash: string | null): Promise<KeptRelease | null> {
    if (hash === null) return null;
    const known = this.#kept.get(hash) ?? (await KeptRelease.open(hash));
    this.#kept.set(hash, known);
    return known;
  }

  async #change(change: Partial<Memory>): Promise<void> {
    await remember({ ...(await recall()), ...change });
    await tellPages({ kind: 'release', state: await this.state() } satisfies ReleaseNews);
  }

  async #drop(): Promise<void> {
    const { current, update, previous } = await recall();
    await dropOthers([current, update, previous]);
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = this.#turn.then(work);
    this.#turn = mine.then(ignore, ignore);
    return await mine;
  }
}

const ignore = (): undefined => undefined;
