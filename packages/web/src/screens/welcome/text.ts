import { defineText } from '../../text/language.tsx';

export const text = defineText({
  en: {
    title: 'Welcome to Sotto',
    lead: 'Conversations that nobody can read but the people in them: not whoever runs the server, and not whoever breaks into it.',
    back: 'Welcome back',
    accounts: 'Accounts in this browser',
    open: 'Open: go on',
    locked: (device: string) => `Locked · this device is called ${device}`,
    begunAccount: 'Not finished: go on where it broke off',
    begunDevice: 'This device is not ready yet: go on',
    deleted: {
      title: 'This browser has deleted an account that was kept here',
      safe: 'The account itself goes on, and what reached the server is safe there, sealed. What waited to be sent here is lost.',
      advice:
        'Do not sign up anew: come back by one of the ways below, best by linking this device from another. If nobody cleared data here, tell your administrator first.',
      understood: 'Do not show again',
    },
    another: 'Another account of yours',
    known: 'You have an account already',
    signIn: { title: 'Sign in on this computer', detail: 'With your address and your passphrase' },
    link: { title: 'Link this device', detail: 'With a device at hand that is signed in' },
    recover: { title: 'I have a recovery key', detail: 'When devices are lost or the passphrase is forgotten' },
    invited: {
      title: 'You were invited',
      label: 'Invitation',
      hint: 'Open the link that you were given, or paste it here.',
      go: 'Look at the invitation',
      malformed: 'This is no whole invitation.',
      whole: 'An invitation is a link',
      example: 'It begins with https:// and ends with #ca= and 64 letters and digits. Copy all of it.',
    },
    other: {
      title: 'This invitation is of another server',
      advice: 'Open it there. This page speaks to its own server alone.',
    },
    server: { label: 'Home server', at: 'You are with', authority: 'Fingerprint of its authority' },
    invitation: {
      title: (domain: string) => `You are invited to ${domain}`,
      lead: 'You make an account of your own. Nobody, not even your administrator, gets to know your passphrase or your keys.',
      unread: 'Invitation',
      unknown: {
        title: 'The server knows no such invitation',
        advice: 'The link may be cut off or withdrawn. Copy it whole, or ask whoever invited you for a new one.',
      },
      reserved: {
        title: 'Somebody has begun to use this invitation',
        advice:
          'If it was you, go on in the same browser with the same name and passphrase. If it was not, ask for a new one and say so.',
      },
      used: {
        title: 'This invitation was used before',
        advice:
          'Each is good for one account. If it was you, sign in. If it was not, tell whoever invited you: somebody else has signed up with it.',
      },
      expired: { title: 'This invitation has expired', advice: 'Ask whoever invited you for a new one.' },
      server: 'Server',
      authority: 'Authority',
      until: 'Good until',
      create: 'Create your account',
      again: 'Try again',
    },
  },
  de: {
    title: 'Willkommen bei Sotto',
    lead: 'Gespräche, die niemand lesen kann außer den Beteiligten: nicht, wer den Server betreibt, und nicht, wer in ihn einbricht.',
    back: 'Willkommen zurück',
    accounts: 'Konten in diesem Browser',
    open: 'Offen: weiter',
    locked: (device: string) => `Gesperrt · dieses Gerät heißt ${device}`,
    begunAccount: 'Nicht fertig: dort weitermachen, wo es abbrach',
    begunDevice: 'Dieses Gerät ist noch nicht fertig: weiter',
    deleted: {
      title: 'Dieser Browser hat ein Konto gelöscht, das hier aufbewahrt war',
      safe: 'Das Konto selbst besteht weiter, und was der Server hat, ist dort verschlüsselt in Sicherheit. Was hier auf Versand wartete, ist verloren.',
      advice:
        'Legen Sie kein neues Konto an: Kommen Sie auf einem der Wege unten zurück, am besten, indem Sie dieses Gerät von einem anderen verbinden. Hat hier niemand Daten gelöscht, sagen Sie es zuerst Ihrem Administrator.',
      understood: 'Nicht mehr zeigen',
    },
    another: 'Ein anderes Konto von Ihnen',
    known: 'Sie haben schon ein Konto',
    signIn: { title: 'An diesem Computer anmelden', detail: 'Mit Ihrer Adresse und Ihrer Passphrase' },
    link: { title: 'Dieses Gerät verbinden', detail: 'Mit einem angemeldeten Gerät, das Sie zur Hand haben' },
    recover: {
      title: 'Ich habe einen Wiederherstellungsschlüssel',
      detail: 'Wenn Geräte verloren oder die Passphrase vergessen ist',
    },
    invited: {
      title: 'Sie wurden eingeladen',
      label: 'Einladung',
      hint: 'Öffnen Sie den Link, den Sie bekommen haben, oder fügen Sie ihn hier ein.',
      go: 'Einladung ansehen',
      malformed: 'Das ist keine vollständige Einladung.',
      whole: 'Eine Einladung ist ein Link',
      example: 'Er beginnt mit https:// und endet mit #ca= und 64 Buchstaben und Ziffern. Kopieren Sie alles.',
    },
    other: {
      title: 'Diese Einladung ist von einem anderen Server',
      advice: 'Öffnen Sie sie dort. Diese Seite spricht nur mit ihrem eigenen Server.',
    },
    server: { label: 'Heimserver', at: 'Sie sind bei', authority: 'Fingerabdruck seiner Zertifizierungsstelle' },
    invitation: {
      title: (domain: string) => `Sie sind zu ${domain} eingeladen`,
      lead: 'Sie legen ein eigenes Konto an. Niemand, auch nicht Ihr Administrator, erfährt Ihre Passphrase oder Ihre Schlüssel.',
      unread: 'Einladung',
      unknown: {
        title: 'Diese Einladung kennt der Server nicht',
        advice:
          'Vielleicht ist der Link abgeschnitten oder zurückgezogen. Kopieren Sie ihn ganz, oder bitten Sie um einen neuen.',
      },
      reserved: {
        title: 'Jemand hat begonnen, diese Einladung zu benutzen',
        advice:
          'Waren Sie es, machen Sie im selben Browser mit demselben Namen und derselben Passphrase weiter. Wenn nicht, bitten Sie um eine neue und sagen Sie es.',
      },
      used: {
        title: 'Diese Einladung wurde schon benutzt',
        advice:
          'Jede gilt für ein Konto. Waren Sie es, melden Sie sich an. Wenn nicht, sagen Sie es, wer Sie eingeladen hat: Jemand anderes hat sich damit angemeldet.',
      },
      expired: { title: 'Diese Einladung ist abgelaufen', advice: 'Bitten Sie um eine neue.' },
      server: 'Server',
      authority: 'Zertifizierungsstelle',
      until: 'Gültig bis',
      create: 'Konto anlegen',
      again: 'Noch einmal versuchen',
    },
  },
});
