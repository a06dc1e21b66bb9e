import type { Chance, CityRules } from '@sotto/testing/simulation';
import { type Lie, lying } from './lies.ts';

/** What may go wrong in one run: a seed chooses some of it, so that each trouble also meets calm surroundings. */
export interface Climate {
  readonly cuts: boolean;
  readonly tampering: boolean;
  readonly partitions: boolean;
  readonly slowness: boolean;
  readonly deviceCrashes: boolean;
  readonly serverCrashes: boolean;
  readonly fullDisks: boolean;
  readonly tornWrites: boolean;
  readonly clockJumps: boolean;
  readonly restoredServers: boolean;
  readonly restoredVaults: boolean;
  readonly lies: boolean;
  readonly forgeries: boolean;
}

export function climateOf(chance: Chance): Climate {
  return {
    cuts: chance.happens(0.5),
    tampering: chance.happens(0.15),
    partitions: chance.happens(0.3),
    slowness: chance.happens(0.3),
    deviceCrashes: chance.happens(0.5),
    serverCrashes: chance.happens(0.4),
    fullDisks: chance.happens(0.2),
    tornWrites: chance.happens(0.15),
    clockJumps: chance.happens(0.2),
    restoredServers: chance.happens(0.12),
    restoredVaults: chance.happens(0.12),
    lies: chance.happens(0.2),
    forgeries: chance.happens(0.2),
  };
}

/** The rules of a city by a climate; `heal` ends all troubles. */
export class Weather implements CityRules {
  readonly climate: Climate;
  /** A server that stops at its next commit. */
  readonly crashing = new Map<string, 'before' | 'after'>();
  /** Ways that are blocked, as `to device` or `to server`. */
  readonly blocked = new Set<string>();
  readonly skews = new Map<string, number>();
  /** What readers are told in the place of the truth. */
  readonly lies: Lie[] = [];
  /** Whether words of people were seen on the wire. */
  sawWords = false;
  /** A server told somebody of what was not on its disk yet. */
  answeredEarly = false;
  /** True before the troubles and after them. */
  isCalm = true;
  readonly #chance: Chance;

  constructor(climate: Climate, chance: Chance) {
    this.climate = climate;
    this.#chance = chance;
  }

  begin(): void {
    this.isCalm = false;
  }

  heal(): void {
    this.isCalm = true;
    this.crashing.clear();
    this.blocked.clear();
    this.skews.clear();
    this.lies.length = 0;
  }

  delay(): number {
    if (this.isCalm) return 1;
    return this.climate.slowness && this.#chance.happens(0.1) ? this.#chance.below(8000) : 1 + this.#chance.below(50);
  }

  fate(): 'arrives' | 'cut-before' | 'cut-after' | 'twice' | 'altered' {
    if (this.isCalm) return 'arrives';
    const { cuts, tampering } = this.climate;
    if (cuts && this.#chance.happens(0.04)) return this.#chance.pick(['cut-before', 'cut-after']);
    if (tampering && this.#chance.happens(0.02)) return this.#chance.pick(['twice', 'altered']);
    return 'arrives';
  }

  isBlocked({ device, to }: { readonly device: string; readonly to: string }): boolean {
    return this.blocked.has(`${device} to ${to}`);
  }

  observe(frame: Uint8Array): void {
    if (!this.sawWords && Buffer.from(frame.buffer, frame.byteOffset, frame.length).includes(CANARY))
      this.sawWords = true;
  }

  disk(domain: string): ReturnType<CityRules['disk']> {
    return {
      syncMilliseconds: () => (this.isCalm ? 1 : 1 + this.#chance.below(20)),
      crash: () => {
        const side = this.crashing.get(domain) ?? null;
        this.crashing.delete(domain);
        return side;
      },
      answeredEarly: () => {
        this.answeredEarly = true;
      },
    };
  }

  skew(domain: string): number {
    return this.skews.get(domain) ?? 0;
  }

  disguise: CityRules['disguise'] = (_domain, honest) => lying(honest, () => this.lies);
}

/** In every text that somebody writes, and nowhere else. */
export const CANARY = 'canary-';
