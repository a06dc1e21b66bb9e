/** Blobs, uploads on their way to become one, and who needs which. */
export const blobs: string = `
  create table blobs (
    id integer primary key autoincrement,
    hash blob not null unique,
    size_bytes integer not null,
    account_id integer not null references accounts (id)
  ) strict;
  create index blobs_account on blobs (account_id);

  create table blob_uploads (
    upload blob primary key not null,
    account_id integer not null references accounts (id),
    room_id integer not null references rooms (id),
    size_bytes integer not null,
    capability_hash blob not null,
    capability_until integer not null,
    expires_at integer not null
  ) strict;
  create index blob_uploads_account on blob_uploads (account_id);
  create index blob_uploads_expiry on blob_uploads (expires_at);

  create table blob_claims (
    blob_id integer not null references blobs (id),
    room_id integer not null references rooms (id),
    account_id integer not null references accounts (id),
    upload blob not null,
    expires_at integer not null,
    primary key (blob_id, room_id, account_id)
  ) strict;
  create index blob_claims_upload on blob_claims (upload);
  create index blob_claims_expiry on blob_claims (expires_at);

  create table blob_references (
    room_id integer not null,
    n integer not null,
    blob_id integer not null references blobs (id),
    primary key (room_id, n, blob_id)
  ) strict;
  create index blob_references_blob on blob_references (blob_id, room_id);

  create table blob_capabilities (
    token_hash blob primary key not null,
    blob_id integer not null references blobs (id),
    account_id integer not null references accounts (id),
    room blob not null,
    expires_at integer not null
  ) strict;
  create index blob_capabilities_blob on blob_capabilities (blob_id);
  create index blob_capabilities_expiry on blob_capabilities (expires_at);
  `;
