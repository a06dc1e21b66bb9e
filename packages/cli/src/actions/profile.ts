import type { ProfileView } from '@sotto/keybox';
import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { CliFault } from '../fault.ts';
import { readInput, writeOutput } from '../files.ts';
import type { ProfileFlags } from '../routes/profile.ts';
import { pairs, printableLine, type Style } from '../terminal.ts';
import { addressOf } from './words.ts';

export async function setProfile(run: Run, flags: ProfileFlags): Promise<void> {
  const { room, picture, ...texts } = flags;
  if (room !== undefined) return setInRoom(run, room, flags);
  const image =
    picture === undefined ? {} : { picture: picture === 'none' ? null : await readInput(picture, run.world) };
  const lines = Object.fromEntries(
    Object.entries(texts).filter(([key, value]) => LINES.includes(key) && value !== undefined),
  );
  await withAccount(run, 'tried', async (box) => {
    const view = await box.profile.set({ ...lines, ...image });
    await box.sync();
    run.output.done(profileJson(view), () => profileText(view, run.output.style));
  });
}

async function setInRoom(run: Run, room: string, { name, title, phone, picture }: ProfileFlags): Promise<void> {
  if (name === undefined || title !== undefined || phone !== undefined || picture !== undefined) {
    throw new CliFault('usage', '--room goes with --name alone');
  }
  await withAccount(run, 'tried', async (box) => {
    const { id, name: called } = await box.findRoom(room);
    await box.profile.setInRoom(id, name === '' ? null : name);
    await box.sync();
    run.output.done({ room: id, name: name === '' ? null : name }, () => printableLine(`Done for ${called}.`));
  });
}

export async function showProfile(
  run: Run,
  { pictureOut }: { readonly pictureOut?: string },
  address?: string,
): Promise<void> {
  await withAccount(run, 'wanted', async (box) => {
    const view = address === undefined ? await box.profile.own() : await box.profile.show(addressOf(address));
    if (pictureOut !== undefined) {
      if (view.picture === null) throw new CliFault('usage', 'there is no picture');
      await writeOutput(pictureOut, view.picture, { replace: false });
    }
    run.output.value(profileJson(view), () => profileText(view, run.output.style));
  });
}

function profileJson({ picture, ...view }: ProfileView): object {
  return { ...view, pictureBytes: picture?.length ?? null };
}

function profileText({ address, name, title, phone, picture }: ProfileView, style: Style): string {
  const rows = [
    ['Address', address],
    ['Calls itself', name],
    ['Title', title],
    ['Telephone', phone],
    ['Picture', picture === null ? '' : `${Math.ceil(picture.length / 1024)} KiB`],
  ] as const;
  return pairs(
    rows.filter(([, value]) => value !== ''),
    style,
  );
}

const LINES: readonly string[] = ['name', 'title', 'phone'];
