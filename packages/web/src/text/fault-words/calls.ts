import { type FaultWordTable, words } from './words.ts';

/** Of calls. */
export const callWords: FaultWordTable = {
  'call-busy': words('unchanged', {
    en: ['There is a call already', 'End the call that stands, then try again.'],
    de: ['Es gibt schon ein Gespräch', 'Beenden Sie das laufende Gespräch und versuchen Sie es noch einmal.'],
  }),
  'call-media-unfit': words('unchanged', {
    en: ['This device has nothing that a call can use', 'Check microphone and network, then try again.'],
    de: [
      'Dieses Gerät hat nichts, womit man telefonieren kann',
      'Prüfen Sie Mikrofon und Netz, dann versuchen Sie es noch einmal.',
    ],
  }),
  'call-stranger': words('refused', {
    en: ['Somebody who is no contact tried to call', 'You need not do anything.'],
    de: ['Jemand, der kein Kontakt ist, hat anzurufen versucht', 'Sie müssen nichts tun.'],
  }),
  'call-expired': words('refused', {
    en: [
      'A call came too late, or from a device whose clock is wrong',
      'Set the clocks of both devices right, then call again.',
    ],
    de: [
      'Ein Anruf kam zu spät oder von einem Gerät, dessen Uhr falsch geht',
      'Stellen Sie die Uhren beider Geräte, dann rufen Sie noch einmal an.',
    ],
  }),
  'call-dialog': words('refused', {
    en: ['A message of a call came from somebody who is not in it', 'Tell your administrator if it happens again.'],
    de: [
      'Eine Nachricht zu einem Gespräch kam von jemandem, der nicht daran teilnimmt',
      'Sagen Sie es Ihrem Administrator, wenn es wieder vorkommt.',
    ],
  }),
  'call-replayed': words('refused', {
    en: ['An old call was played again', 'Tell your administrator if it happens again.'],
    de: ['Ein alter Anruf wurde noch einmal eingespielt', 'Sagen Sie es Ihrem Administrator, wenn es wieder vorkommt.'],
  }),
  'call-transcript': words('refused', {
    en: ['The two ends of a call did not hear the same', 'Call again, and tell your administrator if it stays so.'],
    de: [
      'Die beiden Enden eines Gesprächs haben nicht dasselbe gehört',
      'Rufen Sie noch einmal an, und sagen Sie es Ihrem Administrator, wenn es so bleibt.',
    ],
  }),
  'call-flood': words('refused', {
    en: ['A contact calls again and again', 'Block the contact if you do not want that.'],
    de: ['Ein Kontakt ruft immer wieder an', 'Blockieren Sie den Kontakt, wenn Sie das nicht wollen.'],
  }),
};
