import { Building2 } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { EmptyState } from '../../kit/empty-state.tsx';

/** In the place of the administration, for whoever it is not for. */
export function Refusal({ title, children }: { readonly title: string; readonly children: ReactNode }): JSX.Element {
  return (
    <EmptyState picture={<Building2 />} title={title}>
      {children}
    </EmptyState>
  );
}
