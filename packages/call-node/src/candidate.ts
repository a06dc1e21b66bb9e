import { BlockList, isIP } from 'node:net';
import { CallUsageFault } from './fault.ts';

/** Where an end takes media: an IP address of its own (a host candidate), never a name. */
export interface Candidate {
  readonly address: string;
  /** UDP. */
  readonly port: number;
}

/** Throws `address-malformed` for what is no address of one machine, or no port. */
export function checkCandidate({ address, port }: Candidate): Candidate {
  checkAddress(address);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw malformed();
  return { address, port };
}

/** Throws `address-malformed` for names, and for addresses of no or of many machines. */
export function checkAddress(address: string): void {
  const family = isIP(address);
  if (family === 0 || address.includes('%') || manyOrNone[familyName(address)].check(address, familyName(address)))
    throw malformed();
}

export function familyName(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

export function sameCandidate(one: Candidate, other: Candidate): boolean {
  return one.port === other.port && one.address === other.address;
}

function malformed(): CallUsageFault {
  return new CallUsageFault('address-malformed', 'this is no IP address of one machine with a port');
}

/** A list of both families would look into the addresses of IPv4 that IPv6 can write, too. */
const manyOrNone = { ipv4: new BlockList(), ipv6: new BlockList() };
manyOrNone.ipv4.addSubnet('0.0.0.0', 8, 'ipv4');
manyOrNone.ipv4.addSubnet('224.0.0.0', 3, 'ipv4');
manyOrNone.ipv6.addAddress('::', 'ipv6');
manyOrNone.ipv6.addSubnet('ff00::', 8, 'ipv6');
manyOrNone.ipv6.addSubnet('::ffff:0:0', 96, 'ipv6');
