import encodeQR from 'qr';
import { KIT_ADVICE, KIT_TITLE, kitLines, type RecoveryKit } from './recovery-kit.ts';

/** The kit for a terminal or a text file. */
export function kitText(kit: RecoveryKit): string {
  const lines = kitLines(kit).map(([name, value]) => `${name.padEnd(13)} ${value}`);
  return [KIT_TITLE, '', ...lines, '', encodeQR(kit.recoveryKey, 'ascii').trimEnd(), '', ...KIT_ADVICE, ''].join('\n');
}
