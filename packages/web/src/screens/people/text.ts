import { defineText } from '../../text/language.tsx';

export const text = defineText({
  en: {
    title: 'People',
    add: 'Add somebody',
    ownCard: 'Your business card',
    find: 'Find by name or address',
    noneFound: 'Nobody here is called that',
    requests: 'They ask to reach you',
    asksYou: 'wants to be your contact',
    accept: (address: string) => `Accept ${address}`,
    block: (address: string) => `Block ${address}`,
    accepted: (address: string) => `${address} is your contact now`,
    contacts: 'Contacts',
    waiting: 'Waiting for their answer',
    blocked: 'Blocked',
    verified: 'Verified',
    blockTitle: (address: string) => `Block ${address}?`,
    blockWhat: 'They cannot reach you any more and are told nothing of it. You can end it whenever you like.',
    blockDo: 'Block',
    empty: {
      title: 'Nobody here yet',
      what: 'People reach you only when both of you agree. Add somebody by their address, or give them your card.',
    },
    pick: {
      title: 'Who are they, really?',
      what: 'Choose somebody on the list to see their keys, and compare them once by a way that is not the server.',
    },
  },
  de: {
    title: 'Personen',
    add: 'Jemanden hinzufügen',
    ownCard: 'Ihre Visitenkarte',
    find: 'Nach Name oder Adresse suchen',
    noneFound: 'So heißt hier niemand',
    requests: 'Möchten Sie erreichen',
    asksYou: 'möchte Ihr Kontakt sein',
    accept: (address: string) => `${address} annehmen`,
    block: (address: string) => `${address} sperren`,
    accepted: (address: string) => `${address} ist jetzt Ihr Kontakt`,
    contacts: 'Kontakte',
    waiting: 'Antwort steht aus',
    blocked: 'Gesperrt',
    verified: 'Geprüft',
    blockTitle: (address: string) => `${address} sperren?`,
    blockWhat:
      'Diese Person kann Sie nicht mehr erreichen und erfährt nichts davon. Sie können das jederzeit wieder beenden.',
    blockDo: 'Sperren',
    empty: {
      title: 'Noch niemand hier',
      what: 'Man erreicht Sie nur, wenn beide einverstanden sind. Fügen Sie jemanden über die Adresse hinzu oder geben Sie Ihre Visitenkarte weiter.',
    },
    pick: {
      title: 'Wer ist es wirklich?',
      what: 'Wählen Sie jemanden aus der Liste, um die Schlüssel zu sehen, und vergleichen Sie sie einmal auf einem Weg, der nicht der Server ist.',
    },
  },
});
