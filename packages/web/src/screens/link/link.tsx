import { type JSX, useState } from 'react';
import { useVaultState } from '../../app/vaults.tsx';
import { ApproveDevice } from './approve-device.tsx';
import { ShowCode } from './show-code.tsx';

/** Lets another device into the account that is open here, or this one into an account that is open elsewhere. */
export function LinkDevice(): JSX.Element {
  const state = useVaultState();
  const [isNew, setNew] = useState(state.kind !== 'open');
  if (!isNew && state.kind === 'open') return <ApproveDevice address={state.address} onOther={() => setNew(true)} />;
  return <ShowCode />;
}
