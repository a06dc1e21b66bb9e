import { defineText } from '../../text/language.tsx';

export const text = defineText({
  en: {
    show: (name: string) => `Show ${name}`,
    save: (name: string) => `Download ${name}`,
    version: (version: number) => `Version ${version}`,
    voice: (length: string) => `Voice message, ${length}`,
    play: 'Play',
    pause: 'Pause',
    position: 'Position',
  },
  de: {
    show: (name) => `${name} anzeigen`,
    save: (name) => `${name} herunterladen`,
    version: (version) => `Version ${version}`,
    voice: (length) => `Sprachnachricht, ${length}`,
    play: 'Abspielen',
    pause: 'Anhalten',
    position: 'Stelle',
  },
});
