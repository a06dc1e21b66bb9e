import type { RetainedSecrets } from '@sotto/call-node';
import { Secret } from '@sotto/crypto';
import type { CallPartner, KeyBox } from '@sotto/keybox';

/** What calls with a contact or a softphone left, in the vault. */
export function vaultSecrets(box: KeyBox, partner: CallPartner): RetainedSecrets {
  return {
    async find(zid) {
      const kept = await box.calls.retainedSecrets(partner, zid);
      if (kept === null) return { rs1: null, rs2: null, verified: false };
      const { rs1, rs2, verified } = kept;
      const found = { rs1: new Secret(rs1), rs2: rs2 === null ? null : new Secret(rs2), verified };
      for (const bytes of [rs1, rs2]) bytes?.fill(0);
      return found;
    },
    async keep({ zid, rs1, verified }) {
      const bytes = rs1.unsafeExpose('kept in the vault for the next call');
      try {
        await box.calls.keepSecret(partner, zid, { rs1: bytes, verified });
      } finally {
        bytes.fill(0);
      }
    },
    doubt: (zid) => box.calls.doubtSecret(partner, zid),
  };
}
