import { BugFault } from '@sotto/bytes';
import { profiles, type SrtpProfile } from '@sotto/srtp';
import type { Agreed } from '@sotto/zrtp';

/** The profile that cipher and tag of a ZRTP stream stand for (RFC 6189 sections 5.1.3 and 5.1.4). */
export function srtpProfile({ cipher, authTag }: Agreed['algorithms']): SrtpProfile {
  const name = `${cipher === 'AES3' ? 'AES_256' : 'AES'}_CM_${cipher === 'AES3' ? '' : '128_'}HMAC_SHA1_${authTag.slice(2)}`;
  const profile = profiles.find((each) => each.name === name);
  if (profile === undefined) throw new BugFault(`no SRTP profile ${name}`);
  return profile;
}
