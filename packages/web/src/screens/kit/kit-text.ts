/** Everything that a recovery kit has printed on it. */
export interface RecoveryKit {
  readonly address: string;
  /** Hexadecimal. */
  readonly fingerprint: string;
  readonly server: string;
  /** Hexadecimal. */
  readonly caFingerprint: string;
  readonly key: string;
  /** `2027-01-15`. */
  readonly madeOn: string;
}

/** The lines of the kit by name; the names are those that `sotto account recover` and this client look for. */
export function kitLines(kit: RecoveryKit): readonly (readonly [name: string, value: string])[] {
  return [
    ['Address', kit.address],
    ['Recovery key', kit.key],
    ['Home server', kit.server],
    ['Fingerprint', grouped(kit.fingerprint)],
    ['Authority', grouped(kit.caFingerprint)],
    ['Made', kit.madeOn],
  ];
}

/** The kit as a text file. */
export function kitText(kit: RecoveryKit, title: string, advice: string): string {
  const lines = kitLines(kit).map(([name, value]) => `${name.padEnd(13)} ${value}`);
  return [title, '', ...lines, '', advice, ''].join('\n');
}

export function today(): string {
  return new Date(Date.now()).toISOString().slice(0, 10);
}

function grouped(fingerprint: string): string {
  return fingerprint.replaceAll(/(.{8})(?=.)/g, '$1 ');
}
