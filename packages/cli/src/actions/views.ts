import type { AccountView, ContactView, MessageFileView, MessageView, QuoteView, RoomView } from '@sotto/keybox';
import { grouped, pairs, printable, printableLine, type Style, when } from '../terminal.ts';
import { sizeText } from './transfer-progress.ts';

/** ISO 8601 in UTC; null for a time that is not known. */
export function isoTime(milliseconds: number): string | null {
  return milliseconds === 0 ? null : new Date(milliseconds).toISOString();
}

/** A message as the contract of the command line has it. */
export function messageJson({ at, ...message }: MessageView): object {
  const { id, n, room, author, device, ...rest } = message;
  return { id, n, room, author, device, at: isoTime(at), ...rest };
}

/** One message for people: position, time, author, text, and what became of it. */
export function messageText(message: MessageView, style: Style): string {
  const { id, n, at, author, device, state, edited, reactions, code } = message;
  const head = [
    style('dim', n === null ? '-' : String(n)),
    at === 0 ? '' : when(at),
    style('bold', printableLine(author)) + style('dim', `/${printableLine(device)}`),
    style('dim', id.slice(0, 8)),
    style('cyan', state === 'undecryptable' ? `undecryptable: ${code ?? 'unknown'}` : state),
    edited ? style('dim', 'edited') : '',
    message.forwarded ? style('dim', 'forwarded') : '',
  ];
  const lines = [head.filter((part) => part !== '').join('  ')];
  if (message.replyTo !== null) lines.push(`    ${quoteLine(message.replyTo, style)}`);
  if (message.file !== undefined) lines.push(`    ${fileLine(message.file, style)}`);
  else if (state !== 'deleted' && state !== 'undecryptable')
    lines.push(`    ${printable(message.text).replaceAll('\n', '\n    ')}`);
  if (reactions.length > 0) {
    lines.push(
      `    ${reactions.map((each) => `${printableLine(each.text)} ${printableLine(each.author)}`).join(', ')}`,
    );
  }
  return lines.join('\n');
}

function quoteLine({ id, author, text, state }: QuoteView, style: Style): string {
  const what = state === 'here' ? printableLine(text) : state === 'unknown' ? 'a message that is not here' : state;
  return style('dim', `> ${[author ?? '', id.slice(0, 8), what].filter((part) => part !== '').join('  ')}`);
}

function fileLine({ name, sizeBytes, version, id, voice }: MessageFileView, style: Style): string {
  if (voice !== undefined) {
    const seconds = Math.ceil(voice.durationMilliseconds / 1000);
    const length = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    return `voice note ${length} (${sizeText(sizeBytes)}) ${style('dim', id.slice(0, 8))}`;
  }
  const versionText = version > 1 ? `, version ${version}` : '';
  return `file ${style('bold', printableLine(name))} (${sizeText(sizeBytes)}${versionText}) ${style('dim', id.slice(0, 8))}`;
}

export function accountText(view: AccountView, style: Style): string {
  const { address, fingerprint, suite, server, devices } = view;
  return pairs(
    [
      ['Address', address],
      ['Fingerprint', grouped(fingerprint)],
      ['Suite', suite],
      ['Server', server],
      ...devices.map(({ name, kind, state, id }, i): [string, string] => [
        i === 0 ? 'Devices' : '',
        `${name} (${kind}, ${state}) ${id.slice(0, 16)}`,
      ]),
      ['Ways back', waysBackText(view)],
    ],
    style,
  );
}

/** Whether the loss of this device would be the loss of the account, and what to do about it. */
function waysBackText({ waysBack, safe }: AccountView): string {
  const names = { device: 'another device', roaming: 'roaming', 'recovery-key': 'recovery key' };
  const has = waysBack.map((way) => names[way]).join(', ');
  if (safe) return has;
  const missing = Object.entries(names).filter(([way]) => !waysBack.some((each) => each === way));
  const advice = missing.map(([, name]) => name).join(', ');
  const wanted = waysBack.length === 0 ? 'two' : 'one';
  return `${has === '' ? 'none' : has}; not safe yet, ${wanted} more of: ${advice}`;
}

export function contactText({ address, name, fingerprint, state, verified, note }: ContactView, style: Style): string {
  return pairs(
    [
      ['Address', address],
      ...(name === null ? [] : [['Calls itself', name] as const]),
      ['State', stateText[state]],
      ['Fingerprint', fingerprint === null ? 'not known yet' : grouped(fingerprint)],
      ['Verified', verified ? 'yes' : 'no'],
      ...(note === '' ? [] : [['Note', note] as const]),
    ],
    style,
  );
}

export const stateText: Readonly<Record<ContactView['state'], string>> = {
  requested: 'asked, no answer yet',
  incoming: 'asks you',
  mutual: 'contact',
  blocked: 'blocked',
};

export function roomText(room: RoomView, style: Style): string {
  return pairs(
    [
      ['Name', room.name],
      ['Id', room.id],
      ['Type', `${room.type}, ${room.mode}, keyed by ${room.keying}`],
      [
        'History',
        room.history === 'all' ? 'newcomers read everything' : 'newcomers read what is written after they joined',
      ],
      ['Era', String(room.era)],
      ['Members', String(room.members)],
      ['Your role', room.role ?? 'none: you are not a member any more'],
      ['Post-quantum', room.postQuantum ? 'yes' : 'no'],
      ['State', room.closed ? 'closed' : 'open'],
      ['Unread', String(room.unread)],
    ],
    style,
  );
}

/** A room as the contract of the command line has it. */
export function roomJson({ id, name, type, mode, era, members, lastMessage, marks, ...rest }: RoomView): object {
  const last = lastMessage === null ? null : { ...lastMessage, at: isoTime(lastMessage.at) };
  const until = marks.mutedUntil === null ? null : isoTime(marks.mutedUntil);
  return {
    ...{ id, name, type, mode, era, members, ...rest },
    ...{ lastMessage: last, marks: { ...marks, mutedUntil: until } },
  };
}
