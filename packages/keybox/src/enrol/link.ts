import { equal } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import {
  chainExtends,
  type DeviceDescription,
  formatLinkCode,
  type LinkAnswer,
  type LinkKeys,
  type LinkRequest,
  linkKeys,
  ProtocolPeerFault,
  ProtocolPolicyFault,
  protectLinkRequest,
  verifyLinkAnswer,
} from '@sotto/protocol';
import type { OpenSession } from '../open-session.ts';
import type { Platform, VaultStorage } from '../ports.ts';
import { type EnrolmentContext, enrolDevice, finishedEnrolment, type NewDevice, type Way } from './enrol-device.ts';
import type { AccountFacts } from './enrolment-file.ts';
import type { OwnChain } from './own-chain.ts';
import { type AccountPlace, chainReader, type EnteredAccount, enterAccount, unlockKeysOf } from './roaming.ts';

export interface LinkedDevice extends NewDevice, AccountPlace {
  /** Shows the code to the person, who types or scans it at a device of theirs before `expiresAt` on this machine's clock. */
  show(link: { readonly code: string; readonly expiresAt: number }): void;
}

/**
 * Makes this installation a device of an account that another device of it admits: shows a code and waits, ten minutes
 * at most. Throws `link-expired`, `link-answer-invalid` (not from a device that was given the code), and what
 * `signInAccount` throws except `roaming-off`.
 */
export async function linkAccount(
  platform: Platform,
  storage: VaultStorage,
  options: LinkedDevice,
): Promise<OpenSession> {
  const context = { platform, storage, options };
  const finished = await finishedEnrolment(context);
  if (finished !== null) return finished;
  const entered = await enterAccount(context, options);
  using _passcode = entered.signedIn.signIn.exportKey;
  try {
    return await enrolDevice(context, linkWay(context, entered, options));
  } finally {
    entered.signedIn.channel.close();
  }
}

function linkWay(context: EnrolmentContext, entered: EnteredAccount, options: LinkedDevice): Way {
  const { cluster, signedIn, facts } = entered;
  const read = chainReader(context, entered);
  let answer: LinkAnswer | null = null;
  return {
    facts,
    cluster,
    parameters: signedIn.signIn.parameters,
    unlockKeys: unlockKeysOf(entered),
    isProven: true,
    async readChain() {
      const own = await read();
      if (answer !== null) checkAnswered(own, answer);
      return own;
    },
    async admit(device) {
      answer = await askToBeAdmitted(context, entered, { device, options });
    },
  };
}

async function askToBeAdmitted(
  { platform, options: { progress } }: EnrolmentContext,
  { facts, signedIn }: EnteredAccount,
  { device, options }: { readonly device: DeviceDescription; readonly options: LinkedDevice },
): Promise<LinkAnswer> {
  const { primitives, clock } = platform;
  using code = new Secret(primitives.randomBytes(16));
  using keys = linkKeys(code);
  const { address, suite } = facts;
  const request: LinkRequest = { v: 1, address, suite, device, at: clock.now() };
  const { mailbox } = keys;
  const begunAt = clock.now();
  await signedIn.channel.call('links.offer', { mailbox, request: protectLinkRequest(keys, request) });
  options.show({ code: formatLinkCode(code), expiresAt: begunAt + LINK_MILLISECONDS });
  progress?.('waiting');
  while (clock.now() < begunAt + LINK_MILLISECONDS) {
    const { answer } = await signedIn.channel.call('links.poll', { mailbox });
    if (answer !== null) return checkedAnswer(keys, answer, { facts, request });
    await clock.sleep(POLL_MILLISECONDS);
  }
  throw new ProtocolPolicyFault('link-expired', 'nobody approved this device in ten minutes');
}

/** What the admitting device says of the account must be what the owner's passphrase opened. */
function checkedAnswer(
  keys: LinkKeys,
  item: Uint8Array,
  { facts, request }: { readonly facts: AccountFacts; readonly request: LinkRequest },
): LinkAnswer {
  const answer = verifyLinkAnswer(keys, item, request);
  const agrees =
    equal(answer.fingerprint, facts.fingerprint) &&
    equal(answer.caFingerprint, facts.caFingerprint) &&
    equal(answer.accountRoom, facts.accountRoom);
  if (agrees) return answer;
  throw new ProtocolPeerFault('link-answer-invalid', 'the device that answered is of another account or server');
}

function checkAnswered({ chain }: OwnChain, { chain: extent }: LinkAnswer): void {
  if (chain.hashes.length < extent.length) {
    throw new ProtocolPeerFault('rollback', 'the server withholds the statement that admits this device');
  }
  if (chainExtends(chain, extent)) return;
  throw new ProtocolPeerFault('split-view', 'the server shows another past than the device that answered has');
}

const LINK_MILLISECONDS = 10 * 60 * 1000;
const POLL_MILLISECONDS = 1000;
