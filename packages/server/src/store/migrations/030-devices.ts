/** Devices that are revoked, user keys that change, passphrases that are replaced. */
export const devices: string = `
  alter table devices add column last_seen_at integer;
  create unique index devices_device on devices (device_id);
  alter table accounts add column user_key_generation integer not null default 0;
  alter table rooms add column rekey_due integer not null default 0;
  alter table vaults add column device_id blob;
  alter table vaults add column next_blob blob;
  alter table exemptions add column device_id blob;
`;
