import type { ContactView, KeyBox } from '@sotto/keybox';
import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { printableLine } from '../terminal.ts';
import { comparisonJson, comparisonOf, comparisonText, type Evidence, verifyBy } from './comparison.ts';
import { loggedText } from './transparency.ts';
import { contactText } from './views.ts';
import { addressOf, fingerprintOf } from './words.ts';

type None = Readonly<Record<never, never>>;

export async function addContact(run: Run, flags: { readonly fingerprint?: string }, address: string): Promise<void> {
  const who = addressOf(address);
  const options = flags.fingerprint === undefined ? {} : { expected: fingerprintOf(flags.fingerprint) };
  await change(run, async (box) => {
    const view = await box.addContact(who, options);
    const text =
      view.state === 'mutual' ? `${who} is a contact now.` : `Asked ${who}. You are contacts once they accept.`;
    return { view, text };
  });
}

export async function acceptContact(run: Run, _: None, address: string): Promise<void> {
  const who = addressOf(address);
  await change(run, async (box) => ({ view: await box.acceptContact(who), text: `${who} is a contact now.` }));
}

export async function blockContact(run: Run, _: None, address: string): Promise<void> {
  const who = addressOf(address);
  await run.dialogue.confirm(`Block ${who}?`);
  await change(run, async (box) => ({ view: await box.blockContact(who), text: `${who} cannot reach you any more.` }));
}

export async function unblockContact(run: Run, _: None, address: string): Promise<void> {
  const who = addressOf(address);
  await withAccount(run, 'needed', async (box) => {
    const view = await box.unblockContact(who);
    const text = view === null ? 'may ask again.' : 'is not blocked any more, and was asked to be a contact again.';
    run.output.done(view ?? { address: who, blocked: false }, () => `${who} ${text}`);
  });
}

export async function removeContact(run: Run, _: None, address: string): Promise<void> {
  const who = addressOf(address);
  await run.dialogue.confirm(`Remove ${who} from the contacts?`);
  await withAccount(run, 'needed', async (box) => {
    await box.showContact(who);
    await box.removeContact(who);
    run.output.done({ address: who, removed: true }, () => `${who} is no contact any more.`);
  });
}

export async function showContact(run: Run, _: None, address: string): Promise<void> {
  const who = addressOf(address);
  await withAccount(run, 'wanted', async (box) => {
    const view = await box.showContact(who);
    const comparison = await comparisonOf(box, view);
    const { style } = run.output;
    const json = { ...view, comparison: comparison === null ? null : comparisonJson(comparison) };
    run.output.value(json, () =>
      [contactText(view, style), ...(comparison === null ? [] : [comparisonText(comparison, style)])].join('\n\n'),
    );
  });
}

export async function verifyContact(run: Run, evidence: Evidence, address: string): Promise<void> {
  const who = addressOf(address);
  await change(run, async (box) => {
    await verifyBy(run, box, who, evidence);
    const log = await box.transparency.check(who);
    const view = { ...(await box.showContact(who)), log };
    return { view, text: `${who} is verified. ${loggedText(log)}` };
  });
}

export async function noteContact(run: Run, _: None, address: string, note: string): Promise<void> {
  const who = addressOf(address);
  await change(run, async (box) => ({ view: await box.noteContact(who, note), text: `Noted about ${who}.` }), 'wanted');
}

async function change(
  run: Run,
  work: (box: KeyBox) => Promise<{ readonly view: ContactView; readonly text: string }>,
  server: 'needed' | 'wanted' = 'needed',
): Promise<void> {
  await withAccount(run, server, async (box) => {
    const { view, text } = await work(box);
    run.output.done(view, () => printableLine(text));
  });
}
