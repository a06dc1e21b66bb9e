import { dlopen } from 'node:ffi';
import type { Socket } from 'node:net';
import { AgentPeerFault } from './fault.ts';

/**
 * The user at the other end of a unix socket, by the kernel's word. Throws `agent-untrusted` where the kernel does not
 * say it.
 */
export function peerUser(socket: Socket): number {
  const handle: { readonly fd?: number } | null | undefined = (
    socket as unknown as { readonly _handle?: { fd?: number } }
  )._handle;
  const fd = handle?.fd;
  if (fd === undefined || fd < 0) throw unknownPeer();
  return process.platform === 'linux' ? linuxPeer(fd) : bsdPeer(fd);
}

/** Throws `agent-untrusted` unless the process at the other end is of the same user as this one. */
export function checkPeer(socket: Socket): void {
  if (peerUser(socket) !== process.getuid?.()) {
    throw new AgentPeerFault('agent-untrusted', 'the process at the other end of the socket is of another user');
  }
}

/** unix(7): SO_PEERCRED fills a `struct ucred` of pid, uid, gid. */
function linuxPeer(fd: number): number {
  const signature = { arguments: ['i32', 'i32', 'i32', 'buffer', 'buffer'], return: 'i32' } as const;
  const { getsockopt } = dlopen(null, { getsockopt: signature }).functions;
  const credentials = new Int32Array(3);
  const length = Uint32Array.of(credentials.byteLength);
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, credentials, length) !== 0) throw unknownPeer();
  return (credentials[1] as number) >>> 0;
}

/** getpeereid(3). */
function bsdPeer(fd: number): number {
  const signature = { arguments: ['i32', 'buffer', 'buffer'], return: 'i32' } as const;
  const { getpeereid } = dlopen(null, { getpeereid: signature }).functions;
  const [user, group] = [new Uint32Array(1), new Uint32Array(1)];
  if (getpeereid(fd, user, group) !== 0) throw unknownPeer();
  return user[0] as number;
}

function unknownPeer(): AgentPeerFault {
  return new AgentPeerFault('agent-untrusted', 'the system does not say who is at the other end of the socket');
}

const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
