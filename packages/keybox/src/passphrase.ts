import { KeyboxPolicyFault } from './fault.ts';

/**
 * The rule for every passphrase that is chosen here (BSI): more than 20 characters, or 8 and more with lower case,
 * upper case, a digit and something else; `least` characters in any case. Throws `passphrase-too-weak`.
 */
export function checkPassphrase(passphrase: string, least = 8): void {
  const { length } = [...passphrase.normalize('NFC')];
  if (length < least && least > 8) {
    throw new KeyboxPolicyFault('passphrase-too-weak', `your organisation asks for ${least} characters or more`);
  }
  if (length > 20) return;
  if (length >= 8 && CLASSES.every((each) => each.test(passphrase))) return;
  throw new KeyboxPolicyFault(
    'passphrase-too-weak',
    'a passphrase has more than 20 characters, or 8 and more with lower case, upper case, a digit and a sign',
  );
}

const CLASSES = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{L}\p{N}]/u];
