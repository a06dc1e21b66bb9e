import { defineText } from '../../text/language.tsx';

/** What happened in a room, by oneself and by somebody else. */
export const noticeText = defineText({
  en: {
    you: 'you',
    roles: { owner: 'owner', admin: 'admin', member: 'member', guest: 'guest', reader: 'reader' },
    own: {
      added: (who: string, _role: string) => `You added ${who}.`,
      removed: (who: string, _role: string) => `You removed ${who}.`,
      left: (_who: string, _role: string) => 'You left.',
      role: (who: string, role: string) => `You gave ${who} the role ${role}.`,
      policy: (_who: string, _role: string) => 'You changed what newcomers read.',
      era: (_who: string, _role: string) => 'You renewed the keys.',
      closed: (_who: string, _role: string) => 'You closed the room.',
    },
    others: {
      added: (by: string, who: string, _role: string) => `${by} added ${who}.`,
      removed: (by: string, who: string, _role: string) => `${by} removed ${who}.`,
      left: (by: string, _who: string, _role: string) => `${by} left.`,
      role: (by: string, who: string, role: string) => `${by} gave ${who} the role ${role}.`,
      policy: (by: string, _who: string, _role: string) => `${by} changed what newcomers read.`,
      era: (by: string, _who: string, _role: string) => `${by} renewed the keys.`,
      closed: (by: string, _who: string, _role: string) => `${by} closed the room.`,
    },
    era: (era: string) => `From here on era ${era}, with fresh keys.`,
  },
  de: {
    you: 'Sie',
    roles: { owner: 'Besitz', admin: 'Admin', member: 'Mitglied', guest: 'Gast', reader: 'Lesen' },
    own: {
      added: (who) => `Sie haben ${who} hinzugefügt.`,
      removed: (who) => `Sie haben ${who} entfernt.`,
      left: () => 'Sie haben den Raum verlassen.',
      role: (who, role) => `Sie haben ${who} die Rolle ${role} gegeben.`,
      policy: () => 'Sie haben geändert, was Neue lesen.',
      era: () => 'Sie haben die Schlüssel erneuert.',
      closed: () => 'Sie haben den Raum geschlossen.',
    },
    others: {
      added: (by, who) => `${by} hat ${who} hinzugefügt.`,
      removed: (by, who) => `${by} hat ${who} entfernt.`,
      left: (by) => `${by} hat den Raum verlassen.`,
      role: (by, who, role) => `${by} hat ${who} die Rolle ${role} gegeben.`,
      policy: (by) => `${by} hat geändert, was Neue lesen.`,
      era: (by) => `${by} hat die Schlüssel erneuert.`,
      closed: (by) => `${by} hat den Raum geschlossen.`,
    },
    era: (era) => `Ab hier gilt Ära ${era} mit neuen Schlüsseln.`,
  },
});
