/** The transparency log: epochs, the nodes of its tree, and the map as each epoch had it. */
export const transparency: string = `
  alter table accounts add column logged_length integer not null default 0;
  create index accounts_unlogged on accounts (id) where logged_length <> chain_length;

  create table log_state (
    id integer primary key check (id = 1),
    incarnation integer not null,
    size integer not null
  ) strict;
  insert into log_state (id, incarnation, size) values (1, 0, 0);

  create table log_epochs (
    n integer primary key,
    epoch blob not null
  ) strict;
  create table log_nodes (
    node text primary key,
    hash blob not null
  ) strict;
  create table log_map (
    path text not null,
    since integer not null,
    until integer,
    hash blob not null,
    place blob,
    value blob,
    primary key (path, since)
  ) strict;
  create table log_entries (
    account_id integer not null references accounts (id) on delete cascade,
    since integer not null,
    length integer not null,
    hash blob not null,
    primary key (account_id, since)
  ) strict;
  create table log_places (
    account_id integer primary key references accounts (id) on delete cascade,
    place blob not null,
    proof blob not null
  ) strict;
`;
