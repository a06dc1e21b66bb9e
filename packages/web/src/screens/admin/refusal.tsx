import { Building2 } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Page } from '../../kit/page.tsx';
import { useText } from '../../text/language.tsx';
import { text } from './text.ts';

/** In the place of the administration, for whoever it is not for. */
export function Refusal({ title, children }: { readonly title: string; readonly children: ReactNode }): JSX.Element {
  const words = useText(text);
  return (
    <Page title={words.title}>
      <EmptyState picture={<Building2 />} title={title}>
        {children}
      </EmptyState>
    </Page>
  );
}
