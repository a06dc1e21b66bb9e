import { Copy } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { useCodeWords } from '../text/code-words.ts';
import { faultWords } from '../text/faults.ts';
import { defineText, useLanguage, useText } from '../text/language.tsx';
import { Button } from './button.tsx';
import styles from './fault-notice.module.css';
import { Notice } from './notice.tsx';

/** What happened, whether data is safe, what to do, and a code to copy. */
export function FaultNotice({ fault, actions }: { readonly fault: Error; readonly actions?: ReactNode }): JSX.Element {
  const words = useText(text);
  const { locale } = useLanguage();
  const { code, blame, what, safe, advice } = faultWords(fault, locale === 'de' ? 'de' : 'en', useCodeWords());
  return (
    <Notice tone={blame === 'peer' || blame === 'wire' ? 'security' : 'danger'} title={what} isAnswer>
      <p>{safe}</p>
      <p>{advice}</p>
      <div className={styles['code']}>
        <span>
          {words.code} <code>{code}</code>
        </span>
        <Button kind="quiet" icon={<Copy />} onPress={() => void navigator.clipboard.writeText(code)}>
          {words.copy}
        </Button>
        {actions}
      </div>
    </Notice>
  );
}

const text = defineText({ en: { code: 'Code', copy: 'Copy' }, de: { code: 'Code', copy: 'Kopieren' } });
