import { Check, ChevronsUpDown } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import {
  ComboBox as AriaComboBox,
  Select as AriaSelect,
  Button,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
  Text,
} from 'react-aria-components';
import field from './field.module.css';
import overlay from './overlay.module.css';
import styles from './select.module.css';

interface Option<Value extends string> {
  readonly value: Value;
  /** What is shown, and what typing finds. */
  readonly label: string;
  readonly hint?: string;
}

export interface SelectProps<Value extends string> {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly value: Value;
  readonly options: readonly Option<Value>[];
  readonly isDisabled?: boolean;
  onChange(value: NoInfer<Value>): void;
}

/** One of several, behind a button. */
export function Select<Value extends string>(props: SelectProps<Value>): JSX.Element {
  const { label, hint, value, options, onChange, ...rest } = props;
  return (
    <AriaSelect {...rest} value={value} onChange={(next) => onChange(next as Value)} className={field['field'] ?? ''}>
      <Label className={field['label'] ?? ''}>{label}</Label>
      <Button className={styles['trigger'] ?? ''}>
        <SelectValue className={styles['value'] ?? ''} />
        <ChevronsUpDown aria-hidden="true" />
      </Button>
      <Hint hint={hint} />
      <Options options={options} />
    </AriaSelect>
  );
}

export interface ComboBoxProps<Value extends string> extends Omit<SelectProps<Value>, 'value'> {
  readonly value: Value | null;
  readonly placeholder?: string;
}

/** One of many, found by typing a part of it. */
export function ComboBox<Value extends string>(props: ComboBoxProps<Value>): JSX.Element {
  const { label, hint, value, options, placeholder, onChange, ...rest } = props;
  return (
    <AriaComboBox
      {...rest}
      value={value}
      onChange={(next) => next !== null && onChange(next as Value)}
      menuTrigger="focus"
      className={field['field'] ?? ''}
    >
      <Label className={field['label'] ?? ''}>{label}</Label>
      <div className={styles['combo']}>
        <Input className={field['input'] ?? ''} placeholder={placeholder ?? ''} dir="auto" />
        <Button className={styles['open'] ?? ''}>
          <ChevronsUpDown aria-hidden="true" />
        </Button>
      </div>
      <Hint hint={hint} />
      <Options options={options} />
    </AriaComboBox>
  );
}

function Options<Value extends string>({ options }: { readonly options: readonly Option<Value>[] }): JSX.Element {
  return (
    <Popover className={overlay['overlay'] ?? ''} offset={4} data-fit>
      <ListBox className={overlay['list'] ?? ''}>
        {options.map(({ value, label, hint }) => (
          <ListBoxItem key={value} id={value} textValue={label} className={overlay['item'] ?? ''}>
            <span className={overlay['words']}>
              <Text slot="label">
                <bdi>{label}</bdi>
              </Text>
              {hint !== undefined && <Text slot="description">{hint}</Text>}
            </span>
            <Check aria-hidden="true" className={overlay['check']} />
          </ListBoxItem>
        ))}
      </ListBox>
    </Popover>
  );
}

function Hint({ hint }: { readonly hint: ReactNode }): JSX.Element | null {
  if (hint === undefined) return null;
  return (
    <Text slot="description" className={field['hint'] ?? ''}>
      {hint}
    </Text>
  );
}
