/** Accounts, devices, contacts, mailboxes and rooms. */
export const foundation: string = `
  create table cluster (id integer primary key check (id = 1), ca blob, policy_key blob) strict;
  insert into cluster (id) values (1);

  create table accounts (
    id integer primary key autoincrement,
    address text not null unique,
    skeleton text not null unique,
    suite integer not null,
    role text not null,
    record blob not null,
    bundle blob not null,
    sign_up blob not null unique,
    registration blob not null,
    step text not null,
    reserved_until integer,
    fingerprint blob unique,
    chain_length integer not null default 0,
    room blob,
    next_room integer not null default 1
  ) strict;

  create table invitations (
    id integer primary key autoincrement,
    code_hash blob not null unique,
    kind text not null,
    created_by integer references accounts (id),
    expires_at integer not null,
    account_id integer references accounts (id) on delete set null,
    used_at integer
  ) strict;
  create index invitations_account on invitations (account_id);

  create table exemptions (
    account_id integer not null references accounts (id) on delete cascade,
    token_hash blob not null,
    primary key (account_id, token_hash)
  ) strict;

  create table vaults (
    account_id integer not null references accounts (id) on delete cascade,
    vault_id blob not null,
    blob blob not null,
    primary key (account_id, vault_id)
  ) strict;

  create table attempts (
    subject blob primary key not null,
    failures integer not null,
    last_at integer not null
  ) strict;
  create index attempts_last on attempts (last_at);

  create table statements (
    account_id integer not null references accounts (id),
    seq integer not null,
    envelope blob not null,
    primary key (account_id, seq)
  ) strict;

  create table devices (
    account_id integer not null references accounts (id),
    device_id blob not null,
    kind text not null,
    name text not null,
    kem blob not null,
    spki blob not null,
    revoked integer not null default 0,
    next_seq integer not null default 1,
    primary key (account_id, device_id)
  ) strict;

  create table certificates (
    serial blob primary key not null,
    account_id integer references accounts (id) on delete set null,
    name text,
    spki blob not null,
    der blob not null,
    not_after integer not null,
    revoked_at integer
  ) strict;
  create index certificates_account on certificates (account_id, spki);
  create index certificates_revoked on certificates (revoked_at) where revoked_at is not null;

  create table contact_requests (
    account_id integer not null references accounts (id),
    address text not null,
    receiver_id integer references accounts (id),
    primary key (account_id, address)
  ) strict;
  create index contact_requests_receiver on contact_requests (receiver_id);

  create table contacts (
    account_id integer not null references accounts (id),
    address text not null,
    state text not null,
    primary key (account_id, address)
  ) strict;

  create table mailbox_items (
    account_id integer not null,
    device_id blob not null,
    seq integer not null,
    at integer not null,
    kind text not null,
    key blob not null,
    item blob not null,
    primary key (account_id, device_id, seq),
    unique (account_id, device_id, key),
    foreign key (account_id, device_id) references devices (account_id, device_id)
  ) strict;

  create table rooms (
    id integer primary key autoincrement,
    room blob not null unique,
    type text not null,
    length integer not null,
    hash blob not null,
    state blob not null,
    era_at integer not null
  ) strict;

  create table room_members (
    room_id integer not null references rooms (id),
    account_id integer not null references accounts (id),
    fingerprint blob not null,
    since integer not null,
    until integer,
    position integer not null,
    primary key (account_id, room_id)
  ) strict;
  create index room_members_room on room_members (room_id);
  create unique index room_members_position on room_members (account_id, position);

  create table room_entries (
    room_id integer not null references rooms (id),
    n integer not null,
    kind text not null,
    signed_hash blob not null,
    log_hash blob not null,
    signed blob not null,
    signature blob not null,
    author blob not null,
    device blob not null,
    seq integer,
    body blob,
    rows blob,
    at integer not null,
    primary key (room_id, n)
  ) strict;
  create index room_entries_seq on room_entries (room_id, device, seq) where seq is not null;
  create index room_entries_statement on room_entries (room_id, signed_hash) where seq is null;

  create table room_seals (
    room_id integer not null,
    n integer not null,
    position integer not null,
    fingerprint blob not null,
    sealed blob not null,
    leaf blob not null,
    primary key (room_id, n, position),
    foreign key (room_id, n) references room_entries (room_id, n)
  ) strict;
  `;
