/** Sealed entries of eras whose statements are still to come: of each device those of one era. */
export const eras: string = `
  create table era_parts (
    device blob not null,
    position integer not null,
    room_id integer not null references rooms (id),
    root blob not null,
    sealed blob not null,
    at integer not null,
    primary key (device, position)
  ) strict;
  create index era_parts_at on era_parts (at);
`;
