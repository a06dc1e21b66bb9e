import { PkiWireFault } from '../fault.ts';

export function malformed(what: string, offset?: number): PkiWireFault {
  return new PkiWireFault('der-malformed', what, offset === undefined ? {} : { detail: { offset } });
}
