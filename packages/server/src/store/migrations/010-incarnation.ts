/** Lives of the data: every restore from a backup begins a higher one. */
export const incarnation: string = `
  alter table cluster add column incarnation integer not null default 1;
  `;
