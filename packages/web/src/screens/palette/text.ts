import { defineText } from '../../text/language.tsx';

export const text = defineText({
  en: {
    title: 'Find',
    placeholder: 'Rooms, people, messages, actions',
    results: 'What was found',
    none: 'Nothing found',
    kinds: { room: 'Rooms', person: 'People', action: 'Actions', message: 'Messages' },
    actions: {
      newRoom: 'New room',
      newContact: 'New contact',
      ownCard: 'Own card, for others to add',
      people: 'All people',
      help: 'Keyboard',
      lock: 'Lock',
    },
    in: (room: string) => `in ${room}`,
    coverage: 'Messages are searched on this device: what it has, it finds.',
    partly: 'Older messages are not all on this device yet, so some may be missing here.',
    searching: 'Searching …',
  },
  de: {
    title: 'Finden',
    placeholder: 'Räume, Personen, Nachrichten, Aktionen',
    results: 'Gefunden',
    none: 'Nichts gefunden',
    kinds: { room: 'Räume', person: 'Personen', action: 'Aktionen', message: 'Nachrichten' },
    actions: {
      newRoom: 'Neuer Raum',
      newContact: 'Neuer Kontakt',
      ownCard: 'Eigene Karte, damit andere Sie hinzufügen',
      people: 'Alle Personen',
      help: 'Tastatur',
      lock: 'Sperren',
    },
    in: (room: string) => `in ${room}`,
    coverage: 'Nachrichten werden auf diesem Gerät durchsucht: Was es hat, findet es.',
    partly: 'Ältere Nachrichten sind noch nicht alle auf diesem Gerät, deshalb können hier welche fehlen.',
    searching: 'Wird gesucht …',
  },
});
