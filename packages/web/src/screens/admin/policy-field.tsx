import { hex, parseHex } from '@sotto/bytes';
import { type FieldRule, type PolicyField, policyFields, policyValue } from '@sotto/protocol';
import { type JSX, useState } from 'react';
import { Switch } from '../../kit/choice.tsx';
import { TextField } from '../../kit/field.tsx';
import { Select } from '../../kit/select.tsx';
import { useText } from '../../text/language.tsx';
import { policyText } from '../../text/policy-words.ts';
import { text } from './policy-rules-text.ts';

interface InputProps {
  readonly field: PolicyField;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

/** One rule, entered as its row of the table asks for. */
export function PolicyFieldInput(props: InputProps): JSX.Element {
  const { field, value, onChange } = props;
  const rules = useText(policyText);
  const { order } = policyFields[field] as FieldRule;
  const label = rules.fields[field];
  if (order.kind === 'flag') return <Switch label={label} isSelected={value === true} onChange={onChange} />;
  if (order.kind === 'choice') {
    const choices = rules.choices as Readonly<Record<string, string>>;
    return (
      <Select
        label={label}
        value={String(value)}
        options={order.values.map((each) => ({ value: each, label: choices[each] ?? each }))}
        onChange={onChange}
      />
    );
  }
  return <TypedInput {...props} />;
}

/** Numbers and lists are typed; what is not valid yet changes nothing. */
function TypedInput({ field, value, onChange }: InputProps): JSX.Element {
  const words = useText(text);
  const rules = useText(policyText);
  const { order, nullable } = policyFields[field] as FieldRule;
  const [typed, setTyped] = useState(() => typedText(value));
  const parsed = policyValue(field).safeParse(parseTyped(field, typed));
  const type = (next: string): void => {
    setTyped(next);
    const read = policyValue(field).safeParse(parseTyped(field, next));
    if (read.success) onChange(read.data);
  };
  const range = order.kind === 'number' ? words.between(order.least, order.most) : words.list;
  const hint = nullable ? `${range} ${words.orNone}` : range;
  return (
    <TextField
      label={rules.fields[field]}
      hint={hint}
      value={typed}
      onChange={type}
      error={parsed.success ? undefined : hint}
      inputMode={order.kind === 'number' ? 'numeric' : 'text'}
    />
  );
}

function typedText(value: unknown): string {
  if (value === null) return '';
  if (!Array.isArray(value)) return String(value);
  return value.map((each) => (each instanceof Uint8Array ? hex(each) : (SUITES[each as number] ?? each))).join(', ');
}

/** What cannot be read becomes undefined, which no rule takes. */
function parseTyped(field: PolicyField, typed: string): unknown {
  const { order, nullable } = policyFields[field] as FieldRule;
  const words = typed.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0) return nullable ? null : undefined;
  if (order.kind === 'number') return NUMBER.test(typed.trim()) ? Number(typed) : undefined;
  if (order.kind === 'list' && order.of === 'hash')
    return words.map((word) => (HASH.test(word) ? parseHex(word) : undefined));
  return words.map((word) => SUITE_IDS[word] ?? (NUMBER.test(word) ? Number(word) : undefined));
}

const SUITE_IDS: Readonly<Record<string, number>> = { classic: 1, hybrid: 2 };
const SUITES: Readonly<Record<number, string>> = { 1: 'classic', 2: 'hybrid' };
const NUMBER = /^[0-9]{1,9}$/;
const HASH = /^[0-9a-f]{64}$/;
