/** Link requests that wait for an answer, and recovery kits. */
export const enrolment: string = `
  create table links (
    mailbox blob primary key not null,
    account_id integer not null references accounts (id) on delete cascade,
    request blob not null,
    answer blob,
    expires_at integer not null
  ) strict;
  create index links_account on links (account_id);
  create index links_expiry on links (expires_at);

  create table recovery_kits (
    account_id integer primary key not null references accounts (id) on delete cascade,
    kit blob not null unique,
    bundle blob not null
  ) strict;
`;
