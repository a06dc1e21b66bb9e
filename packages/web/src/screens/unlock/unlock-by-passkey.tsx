import type { PasskeyView } from '@sotto/keybox';
import type { Address } from '@sotto/protocol';
import { Fingerprint } from 'lucide-react';
import type { JSX } from 'react';
import { askPasskey, canUsePasskeys } from '../../app/passkey.ts';
import { useDo, useRead } from '../../app/queries.ts';
import { Button } from '../../kit/button.tsx';
import { useText } from '../../text/language.tsx';
import { codeOf, GateFault } from '../gate/gate-fault.tsx';
import { text } from './text.ts';

/** Opens the vault by a passkey, where it has one. */
export function UnlockByPasskey({ address }: { readonly address: Address }): JSX.Element | null {
  const words = useText(text);
  const passkeys = useRead(['passkeys', address], ({ gate }) => gate.passkeys(address).catch(none));
  const unlock = useDo(async ({ gate }) => gate.unlockByPasskey({ address, ...(await askPasskey(passkeys)) }));
  if (passkeys.length === 0 || !canUsePasskeys()) return null;
  return (
    <>
      <Button wide icon={<Fingerprint />} isPending={unlock.isPending} onPress={() => unlock.mutate(undefined)}>
        {words.passkey}
      </Button>
      {codeOf(unlock.error) !== 'cancelled' && <GateFault fault={unlock.error} />}
    </>
  );
}

/** Whatever is wrong with them: the passphrase opens the vault. */
function none(): readonly PasskeyView[] {
  return [];
}
