import { linkAccount } from '@sotto/keybox';
import { parseAddress } from '@sotto/protocol';
import encodeQR from 'qr';
import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { CliFault } from '../fault.ts';
import { grouped } from '../terminal.ts';
import { makeDevice, type NewDeviceFlags } from './new-device.ts';

/** Shows a code on this new machine and waits until another device of the account has approved it. */
export async function linkDevice(run: Run, flags: NewDeviceFlags, word: string): Promise<void> {
  const address = parseAddress(word);
  const waiting = new Countdown(run);
  try {
    await makeDevice(run, {
      address,
      flags,
      enrol: (platform, storage, options) =>
        linkAccount(platform, storage, {
          ...options,
          address,
          show: (link) => {
            showCode(run, link);
            waiting.start(link.expiresAt);
          },
          progress: (step) => {
            if (step !== 'waiting') waiting.stop();
            options.progress?.(step);
          },
        }),
    });
  } finally {
    waiting.stop();
  }
}

/** Admits the device that shows a code, after a person compared both screens. */
export async function approveDevice(run: Run, _: Readonly<Record<never, never>>, code: string): Promise<void> {
  const { common, dialogue, output } = run;
  await withAccount(run, 'needed', async (box) => {
    const waiting = await box.enrolments.showLink(code);
    output.note(`Address      ${waiting.address}`);
    output.note(`New device   ${waiting.name}`);
    output.note(`Fingerprint  ${grouped(waiting.device)}`);
    if (!common.yes && !dialogue.canAsk) {
      throw new CliFault('input-needed', 'nobody to ask whether this is your device: give --yes if it is');
    }
    await dialogue.confirm('It will read and write everything that you can. Is it yours, and does it show this name?');
    const admitted = await box.enrolments.approveLink(code, waiting.device);
    output.done({ ...admitted, approved: true }, () => `${admitted.name} is a device of ${admitted.address} now.`);
  });
}

function showCode({ common, output, world }: Run, { code, expiresAt }: { code: string; expiresAt: number }): void {
  if (common.json) {
    output.value({ code, expiresAt: new Date(expiresAt).toISOString() }, () => '');
    return;
  }
  const spaced = (code.match(/.{1,4}/g) ?? []).join('-');
  const command = `sotto device approve ${spaced}`;
  const picture = world.stderr.isTTY === true ? `${halfBlocks(encodeQR(code, 'raw', { border: 2 }))}\n` : '';
  world.stderr.write(`\n${picture}  ${spaced}\n\nOn a device that you have:  ${command}\n`);
}

/** Two rows of modules in one line of a terminal, dark on light whatever its colours are. */
function halfBlocks(rows: readonly (readonly boolean[])[]): string {
  const lines: string[] = [];
  for (let y = 0; y < rows.length; y += 2) {
    const cells = (rows[y] ?? []).map((upper, x) => BLOCKS[(upper ? 1 : 0) + (rows[y + 1]?.[x] === true ? 2 : 0)]);
    lines.push(`\u001b[30;107m${cells.join('')}\u001b[0m`);
  }
  return lines.join('\n');
}

/** By upper and lower half: neither, upper, lower, both dark. */
const BLOCKS = [' ', '\u2580', '\u2584', '\u2588'];

/** Shows at a terminal how long a code is still good. */
class Countdown {
  readonly #stderr: Run['world']['stderr'];
  readonly #isShown: boolean;
  #timer: NodeJS.Timeout | null = null;

  constructor({ common, world }: Run) {
    this.#stderr = world.stderr;
    this.#isShown = world.stderr.isTTY === true && !common.quiet && !common.json;
  }

  start(expiresAt: number): void {
    if (!this.#isShown) return;
    this.#timer = setInterval(() => {
      const seconds = Math.max(0, Math.round((expiresAt - Date.now()) / 1000));
      const left = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
      this.#stderr.write(`\r  ${left} left `);
    }, 1000);
  }

  stop(): void {
    if (this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
    this.#stderr.write('\n');
  }
}
