import { foundation } from './001-foundation.ts';
import { incarnation } from './010-incarnation.ts';
import { restored } from './011-restored.ts';
import { administration } from './020-administration.ts';
import { devices } from './030-devices.ts';
import { blobs } from './040-blobs.ts';
import { profiles } from './050-profiles.ts';
import { eras } from './060-eras.ts';
import { enrolment } from './070-enrolment.ts';
import { transparency } from './080-transparency.ts';

/**
 * Step n leads to schema n + 1. A step that was released never changes.
 *
 * Both engines run them: SQLite as they are, PostgreSQL as `../postgres/translate.ts` translates them, which refuses
 * what it does not know. The dialect, statements separated by `;`, `--` comments allowed:
 *
 * - `create table NAME (COLUMN TYPE ..., ...) strict`; types `integer` (below 2^53), `blob`, `text`; for columns
 *   `primary key`, `primary key autoincrement`, `not null`, `unique`, `default LITERAL`, `check (...)`,
 *   `references TABLE (COLUMN)`; for tables `primary key (...)`, `unique (...)`, `foreign key (...) references
 *   TABLE (...)`, `check (...)`; references may add `on delete cascade` or `on delete set null`. A table is made before
 *   those that refer to it. Ids that rows are given by themselves need `autoincrement`; never insert any by hand.
 * - `create [unique] index NAME on TABLE (COLUMN [desc], ...) [where ...]`. Indexed values stay below 2,600 bytes.
 * - `alter table TABLE add column COLUMN TYPE ...`, `drop column COLUMN`, `rename column COLUMN to COLUMN`,
 *   `drop table TABLE`, `drop index INDEX`
 * - `insert into TABLE (...) values (...), ...` or `select ... from TABLE [where ...]`, `update TABLE set ... [where
 *   ...]`, `delete from TABLE [where ...]`; no subqueries
 * - in expressions: names, numbers, `'text'`, `x'00'`, `+ - * || = <> < <= > >=`, `and or not is null in between case`,
 *   `abs coalesce length`
 */
export const migrations: readonly string[] = [
  foundation,
  incarnation,
  administration,
  restored,
  devices,
  blobs,
  enrolment,
  profiles,
  transparency,
  eras,
];
