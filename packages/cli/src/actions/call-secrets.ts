import type { RetainedSecrets } from '@sotto/call-node';
import { Secret } from '@sotto/crypto';
import type { KeyBox } from '@sotto/keybox';
import type { Address } from '@sotto/protocol';

/** What calls with a contact left, in the vault. */
export function vaultSecrets(box: KeyBox, address: Address): RetainedSecrets {
  return {
    async find(zid) {
      const kept = await box.calls.retainedSecrets(address, zid);
      if (kept === null) return { rs1: null, rs2: null, verified: false };
      const { rs1, rs2, verified } = kept;
      const found = { rs1: new Secret(rs1), rs2: rs2 === null ? null : new Secret(rs2), verified };
      for (const bytes of [rs1, rs2]) bytes?.fill(0);
      return found;
    },
    async keep({ zid, rs1, verified }) {
      const bytes = rs1.unsafeExpose('kept in the vault for the next call');
      try {
        await box.calls.keepSecret(address, zid, { rs1: bytes, verified });
      } finally {
        bytes.fill(0);
      }
    },
    doubt: (zid) => box.calls.doubtSecret(address, zid),
  };
}
