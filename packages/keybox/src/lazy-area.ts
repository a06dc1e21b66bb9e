import { KeyboxUsageFault } from './fault.ts';

/**
 * An area of a box whose code is loaded when it is first asked for something: clients that are loaded from a server start
 * with what every session needs. Only its methods are there; each throws `unreachable` when the code cannot be had.
 */
export function lazyArea<Area extends AllPromised<Area>>(load: () => Promise<Area>): Area {
  let loading: Promise<Area> | null = null;
  const area = async (): Promise<Area> => {
    loading ??= load();
    try {
      return await loading;
    } catch (cause) {
      loading = null;
      throw new KeyboxUsageFault('unreachable', 'a part of the program could not be loaded: try again', { cause });
    }
  };
  const call =
    (name: keyof Area) =>
    async (...input: never[]): Promise<unknown> =>
      (await area())[name](...input);
  // What is awaited is asked for `then`, and has none.
  return new Proxy({} as Area, { get: (_, name) => (name === 'then' ? undefined : call(name as keyof Area)) });
}

/** What holds for an area that can stand behind a promise. */
type AllPromised<Area> = { readonly [Name in keyof Area]: (...input: never[]) => Promise<unknown> };
