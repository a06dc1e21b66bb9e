import { Eye, EyeOff } from 'lucide-react';
import { type JSX, type ReactNode, type Ref, useState } from 'react';
import {
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
} from 'react-aria-components';
import { defineText, useText } from '../text/language.tsx';
import { IconButton } from './button.tsx';
import styles from './field.module.css';

export interface FieldProps extends Omit<AriaTextFieldProps, 'className' | 'children' | 'style'> {
  readonly label: string;
  /** Below the field, while nothing is wrong. */
  readonly hint?: ReactNode;
  /** What is wrong with what was entered. */
  readonly error?: string | undefined;
  readonly placeholder?: string;
  readonly ref?: Ref<HTMLInputElement>;
}

/** One line of text with its label. */
export function TextField({ label, hint, error, placeholder, ref, ...rest }: FieldProps): JSX.Element {
  return (
    <AriaTextField {...rest} isInvalid={error !== undefined} className={styles['field'] ?? ''}>
      <Label className={styles['label'] ?? ''}>{label}</Label>
      <Input className={styles['input'] ?? ''} placeholder={placeholder ?? ''} ref={ref ?? null} dir="auto" />
      <Below hint={hint} error={error} />
    </AriaTextField>
  );
}

/** Several lines of text with their label. */
export function TextBox({
  label,
  hint,
  error,
  placeholder,
  rows = 3,
  ...rest
}: Omit<FieldProps, 'ref'> & { readonly rows?: number }): JSX.Element {
  return (
    <AriaTextField {...rest} isInvalid={error !== undefined} className={styles['field'] ?? ''}>
      <Label className={styles['label'] ?? ''}>{label}</Label>
      <TextArea className={styles['input'] ?? ''} placeholder={placeholder ?? ''} rows={rows} dir="auto" />
      <Below hint={hint} error={error} />
    </AriaTextField>
  );
}

/** A passphrase, hidden until its owner wants to see it. */
export function PassphraseField({ label, hint, error, ref, ...rest }: Omit<FieldProps, 'type'>): JSX.Element {
  const [isShown, setShown] = useState(false);
  const words = useText(text);
  return (
    <AriaTextField
      {...rest}
      type={isShown ? 'text' : 'password'}
      isInvalid={error !== undefined}
      className={styles['field'] ?? ''}
    >
      <Label className={styles['label'] ?? ''}>{label}</Label>
      <div className={styles['group']}>
        <Input className={styles['input'] ?? ''} ref={ref ?? null} spellCheck="false" autoCapitalize="off" />
        <IconButton
          label={isShown ? words.hide : words.show}
          icon={isShown ? <EyeOff /> : <Eye />}
          onPress={() => setShown(!isShown)}
        />
      </div>
      <Below hint={hint} error={error} />
    </AriaTextField>
  );
}

function Below({ hint, error }: Pick<FieldProps, 'hint' | 'error'>): JSX.Element | null {
  if (error !== undefined) return <FieldError className={styles['error'] ?? ''}>{error}</FieldError>;
  if (hint === undefined) return null;
  return (
    <Text slot="description" className={styles['hint'] ?? ''}>
      {hint}
    </Text>
  );
}

const text = defineText({
  en: { show: 'Show the passphrase', hide: 'Hide the passphrase' },
  de: { show: 'Passphrase anzeigen', hide: 'Passphrase verbergen' },
});
