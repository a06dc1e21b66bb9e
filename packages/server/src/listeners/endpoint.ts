import { isIP } from 'node:net';
import { ServerUsageFault } from '../fault.ts';

/** Where to listen. Port 0 lets the system choose once; the choice is kept. */
export interface Endpoint {
  /** An IP address or `localhost`. */
  readonly host: string;
  readonly port: number;
}

/** Parses `127.0.0.1:8470`, `[::1]:0`, `localhost:443`. Throws `listen-malformed`. */
export function parseEndpoint(text: string): Endpoint {
  const [, bracketed, plain, digits] = ENDPOINT.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || !isHost(host, bracketed !== undefined) || !(port <= 65_535)) {
    throw new ServerUsageFault('listen-malformed', 'an endpoint to listen at is IP:PORT, such as 127.0.0.1:8470');
  }
  return { host, port };
}

export function formatEndpoint({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function isHost(host: string, bracketed: boolean): boolean {
  return bracketed ? isIP(host) === 6 : host === 'localhost' || isIP(host) === 4;
}

const ENDPOINT = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9A-Za-z.]+)):([0-9]{1,5})$/;
