/** Suspension, policies and the audit log. */
export const administration: string = `
  alter table accounts add column suspended_at integer;
  alter table accounts add column deleted_at integer;

  create table policies (
    version integer primary key not null,
    signed blob not null,
    signature blob not null,
    public_key blob not null,
    at integer not null
  ) strict;

  create table audit_head (id integer primary key check (id = 1), length integer not null, hash blob) strict;
  insert into audit_head (id, length) values (1, 0);

  create table audit_entries (
    n integer primary key not null,
    entry blob not null
  ) strict;

  create table audit_exports (name text primary key not null, next integer not null) strict;

  create index room_entries_at on room_entries (at);
  `;
