import type { PolicyChange } from '@sotto/protocol';
import type { JSX } from 'react';
import { Badge } from '../../kit/badge.tsx';
import { Table } from '../../kit/table.tsx';
import { useText } from '../../text/language.tsx';
import { policyText, policyWords } from '../../text/policy-words.ts';
import { text } from './policy-rules-text.ts';

type Change = PolicyChange & { readonly old: unknown; readonly next: unknown };

/** Fields that two versions of the rules differ in. */
export function PolicyChanges({
  label,
  changes,
}: {
  readonly label: string;
  readonly changes: readonly Change[];
}): JSX.Element {
  const words = useText(text);
  const rules = useText(policyText);
  return (
    <Table
      label={label}
      rows={changes}
      keyOf={({ field }) => field}
      columns={[
        { key: 'field', label: words.rule, isHead: true, cell: ({ field }) => rules.fields[field] },
        { key: 'old', label: words.before, cell: ({ field, old }) => policyWords(rules, field, old) },
        { key: 'next', label: words.after, cell: ({ field, next }) => policyWords(rules, field, next) },
        {
          key: 'effect',
          label: words.effect,
          cell: ({ tightness, needsConsent }) => (
            <>
              <Badge tone={tightness === 'tighter' ? 'good' : 'warning'}>{words.tightness[tightness]}</Badge>
              {needsConsent && <> {words.consent}</>}
            </>
          ),
        },
      ]}
    />
  );
}
