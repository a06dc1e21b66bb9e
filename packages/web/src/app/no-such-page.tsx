import { Link } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import type { JSX } from 'react';
import { EmptyState } from '../kit/empty-state.tsx';
import { defineText, useText } from '../text/language.tsx';

/** An address that leads nowhere. */
export function NoSuchPage(): JSX.Element {
  const words = useText(text);
  return (
    <EmptyState picture={<Compass />} title={words.title} actions={<Link to="/rooms">{words.back}</Link>} isPage>
      {words.what}
    </EmptyState>
  );
}

const text = defineText({
  en: {
    title: 'There is nothing at this address',
    what: 'It may have been typed wrong, or what was here is gone. Nothing of yours was changed.',
    back: 'To your rooms',
  },
  de: {
    title: 'Unter dieser Adresse gibt es nichts',
    what: 'Vielleicht ist sie falsch geschrieben, oder was hier war, gibt es nicht mehr. An Ihren Daten hat sich nichts geändert.',
    back: 'Zu Ihren Räumen',
  },
});
