import { defineText } from '../../text/language.tsx';

export const text = defineText({
  en: {
    title: 'Key requests',
    lead: 'When a device cannot open an old part of a room that it may read, it asks the other members for the key.',
    none: 'Nobody asks for keys',
    noneDetail: 'Requests that Sotto may answer by itself are answered at once, and stand in the key log.',
    others: 'Others ask you',
    othersLead: 'A yes gives them the keys of times that they may read by the rules of the room, and no others.',
    own: 'You asked',
    ownLead: 'Any member who has the keys may answer.',
    you: 'You',
    unknown: 'Unknown',
    eras: (count: number) => (count === 1 ? 'the key of 1 era' : `the keys of ${count} eras`),
    approve: 'Give the keys',
    deny: 'Deny',
    approved: 'The keys are on their way.',
    denied: 'Nothing is given.',
    states: { open: 'Open', answered: 'Answered', denied: 'Denied', failed: 'Not entitled' },
  },
  de: {
    title: 'Schlüsselanfragen',
    lead: 'Kann ein Gerät einen alten Teil eines Raums nicht öffnen, den es lesen darf, bittet es die anderen Mitglieder um den Schlüssel.',
    none: 'Niemand bittet um Schlüssel',
    noneDetail:
      'Anfragen, die Sotto selbst beantworten darf, werden sofort beantwortet und stehen im Schlüsselprotokoll.',
    others: 'Andere bitten Sie',
    othersLead:
      'Ein Ja gibt ihnen die Schlüssel der Zeiten, die sie nach den Regeln des Raums lesen dürfen, und keine anderen.',
    own: 'Sie haben gebeten',
    ownLead: 'Antworten darf jedes Mitglied, das die Schlüssel hat.',
    you: 'Sie',
    unknown: 'Unbekannt',
    eras: (count: number) => (count === 1 ? 'der Schlüssel von 1 Ära' : `die Schlüssel von ${count} Ären`),
    approve: 'Schlüssel geben',
    deny: 'Ablehnen',
    approved: 'Die Schlüssel sind unterwegs.',
    denied: 'Nichts wird gegeben.',
    states: { open: 'Offen', answered: 'Beantwortet', denied: 'Abgelehnt', failed: 'Nicht berechtigt' },
  },
});
