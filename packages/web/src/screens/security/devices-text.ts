import { defineText } from '../../text/language.tsx';

export const text = defineText({
  en: {
    title: 'Devices',
    lead: 'Each of them reads and writes in your name. Shut out what you do not know or no longer have.',
    link: 'Link a device',
    active: 'Devices of this account',
    kinds: { keybox: 'Installation', roaming: 'Sign-in with the passphrase', recovery: 'Recovery key' },
    current: 'This browser',
    connected: 'Connected',
    seen: 'last seen',
    never: 'never seen',
    revoke: 'Shut out',
    revokeOne: (name: string) => `Shut out ${name}`,
    question: (name: string) => `Shut out ${name}?`,
    follows:
      'It is refused from now on, and erases its vault when it next meets the server. What is written from now on does not open to it: all your rooms get new keys.',
    followsRoaming:
      'From now on nobody signs in on a new device with your address and passphrase alone. All your rooms get new keys.',
    stays:
      'What it had already received stays readable to whoever holds it. This cannot be undone; a device can be linked anew.',
    done: 'The device is shut out, and the account has new keys.',
    revoked: 'Shut out',
    revokedLead: 'They cannot come back. They are listed because they once spoke for this account.',
    rotation: 'New keys without a reason',
    rotationLead:
      'Gives all devices of this account a new key, and all its rooms new eras. Sotto does so by itself when a device is shut out.',
    rotate: 'Make new keys',
    rotated: 'The account has a new key, and its rooms new eras.',
  },
  de: {
    title: 'Geräte',
    lead: 'Jedes liest und schreibt in Ihrem Namen. Sperren Sie aus, was Sie nicht kennen oder nicht mehr haben.',
    link: 'Gerät verbinden',
    active: 'Geräte dieses Kontos',
    kinds: { keybox: 'Installation', roaming: 'Anmeldung mit der Passphrase', recovery: 'Wiederherstellungsschlüssel' },
    current: 'Dieser Browser',
    connected: 'Verbunden',
    seen: 'zuletzt gesehen',
    never: 'nie gesehen',
    revoke: 'Aussperren',
    revokeOne: (name: string) => `${name} aussperren`,
    question: (name: string) => `${name} aussperren?`,
    follows:
      'Es wird ab sofort abgewiesen und löscht seinen Tresor, sobald es dem Server wieder begegnet. Was ab jetzt geschrieben wird, kann es nicht öffnen: Alle Ihre Räume bekommen neue Schlüssel.',
    followsRoaming:
      'Ab sofort meldet sich niemand mehr allein mit Ihrer Adresse und Passphrase auf einem neuen Gerät an. Alle Ihre Räume bekommen neue Schlüssel.',
    stays:
      'Was es schon empfangen hatte, bleibt lesbar für den, der es besitzt. Das lässt sich nicht zurücknehmen; ein Gerät kann aber neu verbunden werden.',
    done: 'Das Gerät ist ausgesperrt, und das Konto hat neue Schlüssel.',
    revoked: 'Ausgesperrt',
    revokedLead: 'Sie kommen nicht zurück. Sie stehen hier, weil sie einmal für dieses Konto gesprochen haben.',
    rotation: 'Neue Schlüssel ohne Anlass',
    rotationLead:
      'Gibt allen Geräten dieses Kontos einen neuen Schlüssel und allen seinen Räumen neue Ären. Sotto tut das von selbst, wenn ein Gerät ausgesperrt wird.',
    rotate: 'Neue Schlüssel machen',
    rotated: 'Das Konto hat einen neuen Schlüssel, und seine Räume neue Ären.',
  },
});
