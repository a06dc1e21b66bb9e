import { KeyboxUsageFault } from './fault.ts';

/**
 * An area of a box whose code is loaded when it is first asked for something: clients that are loaded from a server start
 * with what every session needs. Only its methods are there; each throws `unreachable` when the code cannot be had. Those that
 * answer with an iteration are to be named.
 */
export function lazyArea<Area extends AllLater<Area>>(
  load: () => Promise<Area>,
  ...iterations: readonly IterationOf<Area>[]
): Area {
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
  const iterate = (name: keyof Area) =>
    async function* (...input: never[]): AsyncIterable<unknown> {
      yield* (await area())[name](...input) as AsyncIterable<unknown>;
    };
  const methodOf = (name: string | symbol): unknown => {
    // What is awaited is asked for `then`, and has none.
    if (name === 'then') return undefined;
    const isIteration = iterations.some((iteration) => iteration === name);
    return isIteration ? iterate(name as keyof Area) : call(name as keyof Area);
  };
  return new Proxy({} as Area, { get: (_, name) => methodOf(name) });
}

/** What holds for an area that can stand behind a promise. */
type AllLater<Area> = {
  readonly [Name in keyof Area]: (...input: never[]) => Promise<unknown> | AsyncIterable<unknown>;
};

type IterationOf<Area> = {
  [Name in keyof Area]: Area[Name] extends (...input: never[]) => AsyncIterable<unknown> ? Name : never;
}[keyof Area];
