import { defineText } from '../../text/language.tsx';

export const text = defineText({
  en: {
    title: 'Passkeys',
    lead: 'A passkey opens the vault of this browser in the place of the passphrase: by fingerprint, face, or a security key. It signs nobody in, and the server learns nothing of it.',
    name: 'What you call it',
    add: 'Add a passkey',
    added: 'The passkey opens this vault now.',
    list: 'Passkeys of this browser',
    none: 'None yet.',
    since: 'Added',
    remove: 'Remove',
    removed: 'The passkey opens this vault no more.',
    unable: 'This passkey cannot keep a secret',
    unableDetail:
      'It was made, but cannot open vaults. Take another one, such as that of this device; you can delete it in the settings of your browser.',
    impossible: 'Passkeys need a browser that knows them, and a server with a name.',
    temporary: 'Nothing is kept on this computer, so there is nothing to open later.',
  },
  de: {
    title: 'Passkeys',
    lead: 'Ein Passkey öffnet den Tresor dieses Browsers anstelle der Passphrase: mit Fingerabdruck, Gesicht oder einem Sicherheitsschlüssel. Er meldet niemanden an, und der Server erfährt nichts davon.',
    name: 'Wie Sie ihn nennen',
    add: 'Passkey hinzufügen',
    added: 'Der Passkey öffnet diesen Tresor jetzt.',
    list: 'Passkeys dieses Browsers',
    none: 'Noch keine.',
    since: 'Hinzugefügt',
    remove: 'Entfernen',
    removed: 'Der Passkey öffnet diesen Tresor nicht mehr.',
    unable: 'Dieser Passkey kann kein Geheimnis bewahren',
    unableDetail:
      'Er wurde angelegt, kann aber keine Tresore öffnen. Nehmen Sie einen anderen, etwa den dieses Geräts; löschen können Sie ihn in den Einstellungen des Browsers.',
    impossible: 'Passkeys brauchen einen Browser, der sie kennt, und einen Server mit einem Namen.',
    temporary: 'Auf diesem Computer wird nichts behalten, also gibt es später nichts zu öffnen.',
  },
});
