import { defineText } from '../../text/language.tsx';

export const text = defineText({
  en: {
    title: 'Profile and presence',
    profile: 'Profile',
    profileLead:
      'Sealed for your contacts and the members of your rooms; the server cannot read it. Your address always stands beside the name.',
    name: 'Name',
    nameHint: 'What others read beside your address.',
    jobTitle: 'Title',
    phone: 'Telephone',
    save: 'Save',
    saved: 'The profile is saved.',
    choosePicture: 'Choose a picture',
    removePicture: 'Remove it',
    unreadable: 'This file is no picture that the browser can read.',
    presence: 'Presence',
    presenceLead: 'Told to contacts that both sides have accepted. The server knows when you are connected.',
    seenAs: 'While I am connected, contacts see me as',
    states: { online: 'There', away: 'Away', busy: 'Busy', invisible: 'Offline' },
    lastSeen: 'Tell contacts when I was last there',
  },
  de: {
    title: 'Profil und Anwesenheit',
    profile: 'Profil',
    profileLead:
      'Verschlüsselt für Ihre Kontakte und die Mitglieder Ihrer Räume; der Server kann es nicht lesen. Neben dem Namen steht immer Ihre Adresse.',
    name: 'Name',
    nameHint: 'Was andere neben Ihrer Adresse lesen.',
    jobTitle: 'Titel',
    phone: 'Telefon',
    save: 'Speichern',
    saved: 'Das Profil ist gespeichert.',
    choosePicture: 'Bild wählen',
    removePicture: 'Entfernen',
    unreadable: 'Diese Datei ist kein Bild, das der Browser lesen kann.',
    presence: 'Anwesenheit',
    presenceLead: 'Erfahren Kontakte, die beide Seiten angenommen haben. Der Server weiß, wann Sie verbunden sind.',
    seenAs: 'Während ich verbunden bin, sehen mich Kontakte als',
    states: { online: 'Da', away: 'Abwesend', busy: 'Beschäftigt', invisible: 'Offline' },
    lastSeen: 'Kontakten sagen, wann ich zuletzt da war',
  },
});
