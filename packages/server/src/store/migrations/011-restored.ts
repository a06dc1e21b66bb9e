/** What a restored server lost and gets back: until then its rooms and sigchains are read alone. */
export const restored: string = `
  alter table cluster add column settled_at integer not null default 0;
  alter table rooms add column incarnation integer not null default 1;
  alter table rooms add column claimed integer not null default 0;
  alter table rooms add column restored_from integer;
  alter table accounts add column incarnation integer not null default 1;
  alter table accounts add column claimed integer not null default 0;
  alter table room_seals add column path blob;

  create table confirmations (
    subject blob not null,
    device_id blob not null,
    incarnation integer not null,
    primary key (subject, device_id)
  ) strict;
  `;
