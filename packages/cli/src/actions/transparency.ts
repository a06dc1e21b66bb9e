import { Fault } from '@sotto/bytes';
import type { CheckpointView, KeyBox, LoggedView, TransparencyView } from '@sotto/keybox';
import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { grouped, pairs, table, when } from '../terminal.ts';
import { isoTime } from './views.ts';
import { addressOf } from './words.ts';

export async function showLog(run: Run): Promise<void> {
  const { output } = run;
  await withAccount(run, 'wanted', async (box) => {
    const { seenAt, compared, ...view } = await box.transparency.show();
    const json = {
      ...view,
      seenAt: isoTime(seenAt),
      compared: compared.map(({ at, ...each }) => ({ ...each, at: at === null ? null : isoTime(at) })),
    };
    output.value(json, () => logText({ ...view, seenAt, compared }, output.style));
  });
}

export async function checkLog(run: Run, _: Readonly<Record<never, never>>, address: string): Promise<void> {
  const who = addressOf(address);
  await withAccount(run, 'needed', async (box) => {
    const view = await box.transparency.check(who);
    run.output.value(view, () => `${loggedText(view)}\n${checkpointText(view)}`);
  });
}

/** One sentence on what the log says of somebody. */
export function loggedText({ address, state, size, root }: LoggedView): string {
  const where = `the transparency log (epoch ${size}, root ${root.slice(0, 16)})`;
  if (state === 'current') return `The keys of ${address} stand in ${where}, the same for everybody.`;
  if (state === 'behind') return `The newest keys of ${address} are not in ${where} yet.`;
  if (state === 'absent') return `${address} is not in ${where} yet.`;
  return `The server does not show what ${where} says of ${address}.`;
}

/** One line for comparing with what others see. */
export function checkpointText({ origin, size, root }: CheckpointView): string {
  return `Transparency log ${origin}: epoch ${size}, root ${root}`;
}

/** The newest checkpoint that this device verified; null before the first. */
export async function logOf(box: KeyBox): Promise<CheckpointView | null> {
  try {
    const { origin, size, root } = await box.transparency.show();
    return { origin, size, root };
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'not-found') return null;
    throw cause;
  }
}

function logText(view: TransparencyView, style: Run['output']['style']): string {
  const { origin, size, root, seenAt, checked, own, compared } = view;
  const facts = pairs(
    [
      ['Log', origin],
      ['Epochs', String(size)],
      ['Root', grouped(root)],
      ['Shown', when(seenAt)],
      ['This account', `${ownText[own]}; checked in ${checked} of ${size} epochs`],
    ],
    style,
  );
  if (compared.length === 0) return facts;
  const rows = compared.map(({ who, size: theirs, at }) => [who, String(theirs), at === null ? 'not yet' : when(at)]);
  return `${facts}\n\n${table(['COMPARED WITH', 'EPOCHS', 'WHEN'], rows, style)}`;
}

const ownText: Readonly<Record<TransparencyView['own'], string>> = {
  current: 'in the log',
  behind: 'its newest keys are not in the log yet',
  absent: 'not in the log yet',
  unseen: 'the server does not show it',
};
