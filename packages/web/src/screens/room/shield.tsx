import type { TrustView } from '@sotto/keybox';
import { ShieldAlert, ShieldCheck, ShieldQuestionMark } from 'lucide-react';
import type { JSX } from 'react';
import { useText } from '../../text/language.tsx';
import styles from './shield.module.css';
import { text } from './text.ts';

/** Whether the person behind a message is verified, and what became of the device. */
export function Shield({ trust }: { readonly trust: TrustView }): JSX.Element {
  const words = useText(text).shield;
  const kind = shieldOf(trust);
  const Icon = ICONS[kind];
  return (
    <span className={styles['shield']} data-kind={kind} title={words[kind]}>
      <Icon aria-hidden="true" />
      <span className={styles['words']}>{words[kind]}</span>
    </span>
  );
}

type ShieldKind = keyof typeof ICONS;

function shieldOf({ author, device }: TrustView): ShieldKind {
  if (device !== 'active') return device;
  return author;
}

const ICONS = {
  self: ShieldCheck,
  verified: ShieldCheck,
  unverified: ShieldQuestionMark,
  revoked: ShieldAlert,
  unknown: ShieldAlert,
} as const;
