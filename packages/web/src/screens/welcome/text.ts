import { defineText } from '../../text/language.tsx';

export const text = defineText({
  en: {
    title: 'Sotto',
    what: 'Conversations that nobody but the people in them can read. Open the invitation that you were given.',
  },
  de: {
    title: 'Sotto',
    what: 'Gespräche, die niemand lesen kann außer den Beteiligten. Öffnen Sie die Einladung, die Sie bekommen haben.',
  },
});
