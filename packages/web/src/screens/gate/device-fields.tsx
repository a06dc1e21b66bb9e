import type { JSX } from 'react';
import { Checkbox } from '../../kit/choice.tsx';
import { PassphraseField, TextField } from '../../kit/field.tsx';
import { useText } from '../../text/language.tsx';
import { deviceNameOf, suggestedDeviceName } from './names.ts';
import { isAllowed } from './new-passphrase.tsx';
import { text } from './text.ts';

/** What a person decides about this device, whatever the way in. */
export interface DeviceChoice {
  readonly name: string;
  /** Whether the vault gets a passphrase of its own. */
  readonly hasVaultPassphrase: boolean;
  readonly vaultPassphrase: string;
}

export function firstDeviceChoice(): DeviceChoice {
  return { name: suggestedDeviceName(), hasVaultPassphrase: false, vaultPassphrase: '' };
}

export function isDeviceChoice({ name, hasVaultPassphrase, vaultPassphrase }: DeviceChoice): boolean {
  return deviceNameOf(name) !== null && (!hasVaultPassphrase || isAllowed(vaultPassphrase));
}

interface DeviceFieldsProps {
  readonly device: DeviceChoice;
  readonly isJudged: boolean;
  onChange(device: DeviceChoice): void;
}

export function DeviceNameField({ device, isJudged, onChange }: DeviceFieldsProps): JSX.Element {
  const words = useText(text).deviceName;
  return (
    <TextField
      label={words.label}
      hint={words.hint}
      value={device.name}
      onChange={(name) => onChange({ ...device, name })}
      error={isJudged && deviceNameOf(device.name) === null ? words.wrong : undefined}
      autoComplete="off"
      spellCheck="false"
    />
  );
}

/** A passphrase for the vault of this device alone. */
export function VaultPassphraseFields({ device, isJudged, onChange }: DeviceFieldsProps): JSX.Element {
  const words = useText(text).vaultPassphrase;
  const { hasVaultPassphrase: isOn, vaultPassphrase: value } = device;
  return (
    <>
      <Checkbox
        label={words.choose}
        hint={words.chooseHint}
        isSelected={isOn}
        onChange={(hasVaultPassphrase) => onChange({ ...device, hasVaultPassphrase })}
      />
      {isOn && (
        <PassphraseField
          label={words.label}
          value={value}
          onChange={(vaultPassphrase) => onChange({ ...device, vaultPassphrase })}
          error={isJudged && !isAllowed(value) ? words.wrong : undefined}
          autoComplete="off"
        />
      )}
    </>
  );
}

/** As the vaults ask for it; only a choice that is one. */
export function newDeviceOf({ name, hasVaultPassphrase, vaultPassphrase }: DeviceChoice) {
  const deviceName = deviceNameOf(name);
  if (deviceName === null) throw new TypeError('a device without a name');
  return hasVaultPassphrase
    ? ({ deviceName, vault: 'advanced', vaultPassphrase } as const)
    : ({ deviceName, vault: 'normal' } as const);
}
