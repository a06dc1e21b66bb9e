import { aCases } from './a.ts';
import { bCases } from './b.ts';
import { cCases } from './c.ts';
import type { AttackCase } from './case.ts';
import { dCases } from './d.ts';
import { fCases } from './f.ts';
import { gCases } from './g.ts';
import { kCases } from './k.ts';
import { lCases } from './l.ts';
import { mCases } from './m.ts';
import { rCases } from './r.ts';
import { sCases } from './s.ts';
import { sipCases } from './s-sip.ts';
import { wCases } from './w.ts';
import { zCases } from './z.ts';

export interface AttackGroup {
  readonly title: string;
  readonly cases: readonly AttackCase[];
}

export const attackGroups: readonly AttackGroup[] = [
  { title: 'Registration, sign-in, passphrase', cases: rCases },
  { title: 'Devices and certificates', cases: dCases },
  { title: 'Contacts, verification, transparency', cases: cCases },
  { title: 'Room keys and membership', cases: kCases },
  { title: 'Records', cases: mCases },
  { title: 'Containers', cases: bCases },
  { title: 'Files and blobs', cases: fCases },
  { title: 'The web and frames', cases: wCases },
  { title: 'Signalling of calls', cases: [...sCases, ...sipCases] },
  { title: 'Keys of calls', cases: zCases },
  { title: 'Frames of conferences', cases: gCases },
  { title: 'Vault, backup, local state', cases: lCases },
  { title: 'Administration and policy', cases: aCases },
];

export type { AttackCase };

export const attackCases: readonly AttackCase[] = attackGroups.flatMap(({ cases }) => cases);
