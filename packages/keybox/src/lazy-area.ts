import { KeyboxUsageFault } from './fault.ts';

/**
 * An area of a box whose code is loaded when it is first asked for something: clients that are loaded from a server start
 * with what every session needs. `methods` names all of them. Each throws `unreachable` when the code cannot be had.
 */
export function lazyArea<Area extends AllPromised<Area>>(methods: NamesOf<Area>, load: () => Promise<Area>): Area {
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
  const names = Object.keys(methods) as (keyof Area)[];
  const calls = names.map((name) => [name, async (...input: never[]) => (await area())[name](...input)] as const);
  return Object.fromEntries(calls) as unknown as Area;
}

/** What holds for an area that can stand behind a promise. */
type AllPromised<Area> = { readonly [Name in keyof Area]: (...input: never[]) => Promise<unknown> };
type NamesOf<Area> = { readonly [Name in keyof Area]: unknown };
