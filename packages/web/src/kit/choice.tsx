import { Check } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import {
  Checkbox as AriaCheckbox,
  RadioGroup as AriaRadioGroup,
  Switch as AriaSwitch,
  Label,
  Radio,
  Text,
} from 'react-aria-components';
import styles from './choice.module.css';

export interface ToggleProps {
  readonly label: ReactNode;
  /** What it means, below the label. */
  readonly hint?: ReactNode;
  readonly isSelected: boolean;
  readonly isDisabled?: boolean;
  onChange(isSelected: boolean): void;
}

/** Agrees to something, or picks one of several; takes effect with the form around it. */
export function Checkbox({ label, hint, ...rest }: ToggleProps): JSX.Element {
  return (
    <AriaCheckbox {...rest} className={styles['row'] ?? ''}>
      <span className={styles['box']}>
        <Check aria-hidden="true" />
      </span>
      <Words label={label} hint={hint} />
    </AriaCheckbox>
  );
}

/** Turns something on or off, at once. */
export function Switch({ label, hint, ...rest }: ToggleProps): JSX.Element {
  return (
    <AriaSwitch {...rest} className={styles['row'] ?? ''} data-end>
      <Words label={label} hint={hint} />
      <span className={styles['track']}>
        <span />
      </span>
    </AriaSwitch>
  );
}

export interface RadioGroupProps<Value extends string> {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: ReactNode; readonly hint?: ReactNode }[];
  readonly isDisabled?: boolean;
  /** Beside each other where there is space. */
  readonly isRow?: boolean;
  onChange(value: NoInfer<Value>): void;
}

/** One of a few, all of them in sight. */
export function RadioGroup<Value extends string>(props: RadioGroupProps<Value>): JSX.Element {
  const { label, hint, options, isRow = false, onChange, ...rest } = props;
  return (
    <AriaRadioGroup {...rest} onChange={(value) => onChange(value as Value)} className={styles['group'] ?? ''}>
      <Label className={styles['label'] ?? ''}>{label}</Label>
      <div className={styles['options']} data-row={isRow || undefined}>
        {options.map((option) => (
          <Radio key={option.value} value={option.value} className={styles['row'] ?? ''}>
            <span className={styles['dot']} />
            <Words label={option.label} hint={option.hint} />
          </Radio>
        ))}
      </div>
      {hint !== undefined && (
        <Text slot="description" className={styles['hint'] ?? ''}>
          {hint}
        </Text>
      )}
    </AriaRadioGroup>
  );
}

function Words({ label, hint }: { readonly label: ReactNode; readonly hint?: ReactNode }): JSX.Element {
  return (
    <span className={styles['words']}>
      <span>{label}</span>
      {hint !== undefined && <span className={styles['hint']}>{hint}</span>}
    </span>
  );
}
