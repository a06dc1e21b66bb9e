/** What accounts say of themselves, sealed, and its keys, sealed to each reader. */
export const profiles: string = `
  create table profiles (
    account_id integer primary key references accounts (id) on delete cascade,
    version integer not null,
    key_id blob not null,
    envelope blob not null,
    sealed blob not null
  ) strict;
  create table profile_keys (
    account_id integer not null references profiles (account_id) on delete cascade,
    reader blob not null,
    generation integer not null,
    sealed blob not null,
    primary key (account_id, reader)
  ) strict;
`;
