import { defineText } from '../../text/language.tsx';

export const text = defineText({
  en: {
    title: 'Administration',
    dashboard: 'Dashboard',
    users: 'Users',
    invitations: 'Invitations',
    sessions: 'Sessions',
    policy: 'Rules',
    audit: 'Audit log',
    policyKey: 'Policy key',
    refused: 'This is for those who administer the server',
    refusedDetail:
      'Your account has no part in that. If you need something here, ask an owner or an administrator of your organisation.',
    unknown: 'The server has not said what you may do here',
    unknownDetail: 'Administration needs the home server. It opens as soon as the server can be reached.',
    roles: { owner: 'Owner', admin: 'Administrator', user: 'User' },
  },
  de: {
    title: 'Verwaltung',
    dashboard: 'Übersicht',
    users: 'Personen',
    invitations: 'Einladungen',
    sessions: 'Sitzungen',
    policy: 'Regeln',
    audit: 'Prüfprotokoll',
    policyKey: 'Regelschlüssel',
    refused: 'Das ist für die Verwaltung des Servers',
    refusedDetail:
      'Ihr Konto hat daran keinen Anteil. Wenn Sie hier etwas brauchen, fragen Sie einen Besitzer oder Administrator Ihrer Organisation.',
    unknown: 'Der Server hat nicht gesagt, was Sie hier dürfen',
    unknownDetail: 'Zum Verwalten braucht es den Heimserver. Sobald er erreichbar ist, geht es weiter.',
    roles: { owner: 'Besitzer', admin: 'Administrator', user: 'Benutzer' },
  },
});
