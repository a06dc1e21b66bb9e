import { grouped } from '../terminal.ts';

/** Everything that a recovery kit has printed on it. */
export interface RecoveryKit {
  readonly address: string;
  /** Hexadecimal. */
  readonly fingerprint: string;
  readonly server: string;
  /** Hexadecimal. */
  readonly caFingerprint: string;
  /** As it is typed. */
  readonly recoveryKey: string;
  /** Milliseconds since the epoch. */
  readonly madeAt: number;
}

/** The kit line by line, as every form shows it. */
export function kitLines(kit: RecoveryKit): readonly (readonly [name: string, value: string])[] {
  const [day = ''] = new Date(kit.madeAt).toISOString().split('T');
  return [
    ['Address', kit.address],
    ['Recovery key', kit.recoveryKey],
    ['Home server', kit.server],
    ['Fingerprint', grouped(kit.fingerprint)],
    ['Authority', grouped(kit.caFingerprint)],
    ['Made', day],
  ];
}

export const KIT_TITLE = 'Sotto recovery kit';
export const KIT_ADVICE: readonly string[] = [
  'Whoever has this page can take over the account: keep it on paper, locked away,',
  'and never as a file. It is needed when every device is lost or the passphrase is forgotten:',
  'sotto account recover --server SERVER --recovery-key-file FILE',
];
