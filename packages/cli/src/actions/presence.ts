import type { PresenceView } from '@sotto/keybox';
import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import type { ChoiceWord } from '../routes/presence.ts';
import { table, when } from '../terminal.ts';
import { isoTime } from './views.ts';
import { addressOf } from './words.ts';

export async function setPresence(
  run: Run,
  { lastSeen }: { readonly lastSeen?: boolean },
  state: ChoiceWord,
): Promise<void> {
  await withAccount(run, 'tried', async (box) => {
    const setting = await box.presence.set(state, lastSeen === undefined ? {} : { lastSeen });
    await box.sync();
    const since = setting.lastSeen ? ' They see when you went.' : '';
    const shown = state === 'invisible' ? 'offline' : state;
    run.output.done(setting, () => `While you are connected, contacts see you as ${shown}.${since}`);
  });
}

export async function showPresence(
  { output, ...run }: Run,
  _: Readonly<Record<never, never>>,
  address?: string,
): Promise<void> {
  await withAccount({ output, ...run }, 'needed', async (box) => {
    if (address !== undefined) {
      const view = await box.presence.show(addressOf(address));
      return output.value(presenceJson(view), () => row(view).join('  '));
    }
    const views = await box.presence.list();
    if (output.json) return output.list(views.map(presenceJson), String);
    if (views.length === 0) return output.note('No contacts yet: `sotto contact add ADDRESS` asks somebody.');
    output.list(views, () => table(['ADDRESS', 'PRESENCE'], views.map(row), output.style));
  });
}

function presenceJson({ lastSeenAt, ...view }: PresenceView): object {
  return { ...view, lastSeenAt: lastSeenAt === null ? null : isoTime(lastSeenAt) };
}

function row({ address, state, lastSeenAt }: PresenceView): readonly string[] {
  return [address, lastSeenAt === null ? state : `${state} since ${when(lastSeenAt)}`];
}
