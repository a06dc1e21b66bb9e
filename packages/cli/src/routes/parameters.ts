/** Parsers and parameters that several commands share. Names and addresses are judged later, where their rules are loaded. */
export const text = (input: string): string => input;

/** A whole number of 0 or more. */
export function wholeNumber(input: string): number {
  if (!/^[0-9]{1,15}$/.test(input)) throw new SyntaxError(`${input} is not a whole number`);
  return Number(input);
}

/** 0 for one that is free. */
export function portNumber(input: string): number {
  const port = wholeNumber(input);
  if (port > 65_535) throw new SyntaxError('from 0 to 65535');
  return port;
}

/** A whole number of 1 to 100. */
export function smallCount(input: string): number {
  const count = wholeNumber(input);
  if (count < 1 || count > 100) throw new SyntaxError('from 1 to 100');
  return count;
}

export const room = { brief: 'Id, first 8 or more digits of it, or name', parse: text, placeholder: 'ROOM' } as const;
export const address = { brief: 'name@domain', parse: text, placeholder: 'ADDRESS' } as const;
export const messageId = { brief: 'Id, or first 8 or more digits of it', parse: text, placeholder: 'ID' } as const;
export const messageText = {
  brief: 'The text, or - for standard input',
  parse: text,
  placeholder: 'TEXT',
  optional: true,
} as const;

export const roleNames = ['owner', 'admin', 'member', 'guest', 'reader'] as const;
export type RoleName = (typeof roleNames)[number];

export const historyNames = ['all', 'from-join'] as const;
export type HistoryName = (typeof historyNames)[number];
