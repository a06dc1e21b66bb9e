import type { World } from './context.ts';
import { printable, type Style, styleFor } from './terminal.ts';

/** What a command says: one value or a list on stdout, everything about its course on stderr. */
export interface Output {
  readonly json: boolean;
  /** Styles for stdout. */
  readonly style: Style;
  /** The answer. */
  value(value: object, people: () => string): void;
  /** The answer, one item a line. */
  list<Item extends object>(items: readonly Item[], people: (items: readonly Item[]) => string): void;
  /** That it is done, where there is no more to say; `--quiet` leaves it out for people. */
  done(value: object, people: () => string): void;
  /** Bytes or text as they are. */
  raw(content: Uint8Array | string): void;
  /** A remark for people on stderr, unless `--quiet`. */
  note(text: string): void;
  /** One line of JSON on stderr, or the same for people: what belongs to the answer but not into its bytes. */
  aside(value: object): void;
}

export function openOutput(world: World, { json, quiet }: { readonly json: boolean; readonly quiet: boolean }): Output {
  const { stdout, stderr } = world;
  const line = (text: string): void => void stdout.write(text.endsWith('\n') || text === '' ? text : `${text}\n`);
  return {
    json,
    style: styleFor(stdout, world.env),
    value: (value, people) => line(json ? JSON.stringify(value) : people()),
    list: (items, people) => line(json ? items.map((item) => JSON.stringify(item)).join('\n') : people(items)),
    done: (value, people) => line(json ? JSON.stringify(value) : quiet ? '' : people()),
    raw: (content) => void stdout.write(content),
    note: (text) => {
      if (!json && !quiet) stderr.write(`${styleFor(stderr, world.env)('dim', printable(text))}\n`);
    },
    aside: (value) => void stderr.write(`${JSON.stringify(value)}\n`),
  };
}
