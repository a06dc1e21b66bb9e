import { hex } from '@sotto/bytes';
import { makeWorld, type TestAccount } from '@sotto/testing';
import type { HandlerContext } from '../../../packages/server/src/handler.ts';

/** An account under an address whose keys the server made itself; always the same. */
export async function ghostAt(address: string, { cluster }: HandlerContext): Promise<TestAccount> {
  const known = made.find(({ chain }) => chain.address === address);
  if (known !== undefined) return known;
  const ghost = await (await makeWorld(address)).account(address, { ca: cluster.caFingerprint });
  made.push(ghost);
  return ghost;
}

/** The ghost of a fingerprint; null for people. */
export function ghostOf(fingerprint: Uint8Array): TestAccount | null {
  return made.find(({ chain }) => hex(chain.fingerprint) === hex(fingerprint)) ?? null;
}

const made: TestAccount[] = [];
