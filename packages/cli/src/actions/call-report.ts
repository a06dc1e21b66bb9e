import type { CallStatistics, MediaEvent } from '@sotto/call-node';
import type { CallView } from '@sotto/keybox';
import type { Output } from '../output.ts';
import { pairs, printableLine } from '../terminal.ts';

type Secure = Extract<MediaEvent, { readonly kind: 'secure' }>;

/** Tells what happens in a call: a line of JSON each, or words. */
export class CallReport {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  /** It is placed, rings here, or goes on. */
  phase({ address, device, verified }: CallView, phase: 'calling' | 'ringing' | 'connecting'): void {
    const who = device === null ? address : `${address} (${printableLine(device)})`;
    const words = { calling: `Calling ${who} ...`, ringing: 'It rings.', connecting: `${who}: agreeing on keys ...` };
    this.#tell({ event: phase, address, device, contactVerified: verified }, () => words[phase]);
  }

  incoming({ address, device, verified }: CallView): void {
    this.#tell({ event: 'incoming', address, device, contactVerified: verified }, () => `${address} calls.`);
  }

  /** With whom nothing is signed: who it is they must hear from each other. */
  softphone(event: 'calling' | 'waiting' | 'incoming' | 'ringing' | 'connecting', softphone: string): void {
    const who = printableLine(softphone);
    const words = {
      calling: `Calling ${who} ...\nSignalling unsigned: who answers you know when you have compared.`,
      waiting: `Waiting for softphones that call ${who}. Ctrl-C ends it.`,
      incoming: `${who} calls, or somebody who says so: signalling unsigned.`,
      ringing: 'It rings.',
      connecting: `${who}: agreeing on keys ...`,
    };
    this.#tell({ event, softphone, signalling: 'unsigned' }, () => words[event]);
  }

  secure({ kind: event, ...facts }: Secure): void {
    this.#tell({ event, ...facts }, () => secureText(facts, this.#output));
  }

  audio(): void {
    this.#tell({ event: 'audio' }, () => '');
  }

  confirmed(sas: string): void {
    this.#tell({ event: 'confirmed', sas }, () => `Compared: ${sas}. The next call with this device knows.`);
  }

  muted(muted: boolean): void {
    this.#tell({ event: 'muted', muted }, () => (muted ? 'Muted.' : 'Heard again.'));
  }

  /** By the other end. */
  held(held: boolean): void {
    this.#tell({ event: 'held', held }, () => (held ? 'On hold.' : 'Taken up again.'));
  }

  /** The other end asked for less protection. */
  refused(code: string): void {
    this.#tell(
      { event: 'refused', code },
      () => `Refused, and nothing changed: the other end asked for less [${code}]`,
    );
  }

  /** Something that the server brought. */
  notGenuine(code: string): void {
    this.#tell(
      { event: 'not-genuine', code },
      () => `Refused, and nothing changed: the server brought something about a call that is not genuine [${code}]`,
    );
  }

  ended(outcome: string, code: string | null, statistics: CallStatistics): void {
    this.#tell({ event: 'ended', outcome, code, statistics }, () => endText(outcome, statistics, this.#output));
  }

  #tell(event: object, people: () => string): void {
    this.#output.value(event, people);
  }
}

function secureText(facts: Omit<Secure, 'kind'>, { style }: Output): string {
  const warnings = warningsOf(facts).map((warning) => style('red', `WARNING: ${warning}`));
  return [...warnings, comparisonText(facts, style)].join('\n');
}

function warningsOf({ continuity, peerIsExchange }: Omit<Secure, 'kind'>): readonly string[] {
  const exchange =
    'the other end is an exchange: it passes the talk on to somebody else, and hears all of it. What you compare speaks for the exchange alone.';
  const stranger =
    'the other end does not have what your last call left. It is another installation, or somebody sits in between.';
  return [...(peerIsExchange ? [exchange] : []), ...(continuity === 'mismatch' ? [stranger] : [])];
}

function comparisonText(
  { sas, continuity, previouslyVerified, auxiliary }: Omit<Secure, 'kind'>,
  style: Output['style'],
): string {
  const keys = auxiliary ? 'Encrypted, also against quantum computers.' : 'Encrypted.';
  const shown = style('bold', sas);
  if (continuity === 'mismatch') {
    return `${keys} Read this to each other, and hang up unless it is the same: ${shown}\nType y if it is.`;
  }
  if (previouslyVerified) return `${keys} You compared in an earlier call; there is nothing to do. (${shown})`;
  return `${keys} Read this to each other: ${shown}\nType y if both see the same.`;
}

function endText(outcome: string, statistics: CallStatistics, { style }: Output): string {
  const { seconds, sent, received, concealed, jitterMilliseconds, delayMilliseconds, roundTripMilliseconds } =
    statistics;
  if (seconds === 0) return `Ended: ${outcome}.`;
  const share = (received.lost / Math.max(1, received.lost + received.packets)) * 100;
  const trip = roundTripMilliseconds === null ? 'unknown' : `${roundTripMilliseconds.toFixed(0)} ms`;
  return pairs(
    [
      ['Ended', `${outcome}, after ${seconds.toFixed(0)} s`],
      ['Sent', `${sent.packets} packets, ${((sent.bytes * 8) / seconds / 1000).toFixed(1)} kbit/s`],
      ['Received', `${received.packets} packets, ${share.toFixed(1)} % lost, ${concealed} made up`],
      [
        'Way',
        `${trip} there and back, jitter ${jitterMilliseconds.toFixed(0)} ms, held back ${delayMilliseconds.toFixed(0)} ms`,
      ],
    ],
    style,
  );
}
