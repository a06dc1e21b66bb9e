import { defineText } from '../../text/language.tsx';

export const text = defineText({
  en: { title: 'Rooms', none: 'No rooms yet', begin: 'Rooms that you make or are invited to appear here.' },
  de: {
    title: 'Räume',
    none: 'Noch keine Räume',
    begin: 'Räume, die Sie anlegen oder zu denen Sie eingeladen werden, erscheinen hier.',
  },
});
