import type { CallLogView, CallView, KeyBox } from '@sotto/keybox';
import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { CliFault } from '../fault.ts';
import type { AnswerFlags, PlaceFlags } from '../routes/call.ts';
import { table, when } from '../terminal.ts';
import { openAudio } from './call-audio.ts';
import { converse } from './call-conversation.ts';
import { CallReport } from './call-report.ts';
import { isoTime } from './views.ts';
import { addressOf } from './words.ts';

/** Calls a contact, talks, and ends with what became of it. */
export async function placeCall(run: Run, flags: PlaceFlags, word?: string): Promise<void> {
  if ((word === undefined) === (flags.sip === undefined))
    throw new CliFault('usage', 'name either a contact or, with --sip, a softphone');
  if (flags.sip !== undefined) return (await import('./softphone.ts')).placeSoftphoneCall(run, flags, flags.sip);
  const address = addressOf(word ?? '');
  await withAccount(run, 'needed', async (box) => {
    const audio = await openAudio(flags);
    await converse(run, { box, flags, audio, address, begin: (media) => box.calls.place(address, media) });
  });
}

/** Waits until somebody calls, and answers: the person says so where one can be asked. */
export async function answerCall(run: Run, flags: AnswerFlags): Promise<void> {
  if (flags.sip !== undefined) return (await import('./softphone.ts')).answerSoftphone(run, flags, flags.sip);
  await withAccount(run, 'needed', async (box) => {
    const audio = await openAudio(flags);
    const call = await nextCall(run, box, null);
    if (call === null) return void (await Promise.all([audio.source.close(), audio.sink.close()]));
    const { id, address } = call;
    try {
      await run.dialogue.confirm(`${address} calls. Answer?`);
    } catch (cause) {
      await box.calls.decline(id);
      throw cause;
    }
    await converse(run, { box, flags, audio, address, begin: (media) => box.calls.answer(id, media) });
  });
}

/** Declines what rings: the other end repeats its call every few seconds. */
export async function declineCall(run: Run): Promise<void> {
  await withAccount(run, 'needed', async (box) => {
    const call = await nextCall(run, box, RING_MILLISECONDS);
    if (call === null) throw new CliFault('not-found', 'nothing rings');
    await box.calls.decline(call.id);
    await box.calls.settled();
    run.output.done({ declined: call.address }, () => `${call.address} is told that you do not answer.`);
  });
}

export async function listCalls(run: Run, { limit }: { readonly limit: number }): Promise<void> {
  await withAccount(run, 'wanted', async (box) => {
    const calls = await box.calls.log(limit);
    if (calls.length === 0 && !run.output.json)
      return run.output.note('No calls yet: `sotto call ADDRESS` calls a contact.');
    run.output.list(calls.map(logJson), () =>
      table(['WHEN', 'WITH', 'OUTCOME', 'LENGTH'], calls.map(logRow), run.output.style),
    );
  });
}

/** The next call that rings here; null if the program is stopped, or the time is over. */
async function nextCall(run: Run, box: KeyBox, milliseconds: number | null): Promise<CallView | null> {
  const stopped = run.world.stopped();
  const until = milliseconds === null ? stopped : AbortSignal.any([stopped, AbortSignal.timeout(milliseconds)]);
  if (milliseconds === null) run.output.note('Waiting for a call. Ctrl-C ends it.');
  const report = new CallReport(run.output);
  for await (const event of box.calls.watch(until)) {
    if (event.kind === 'refused') report.notGenuine(event.code);
    if (event.kind !== 'incoming') continue;
    report.incoming(event.call);
    return event.call;
  }
  return null;
}

function logJson({ startedAt, answeredAt, endedAt, ...line }: CallLogView): object {
  return {
    ...line,
    startedAt: isoTime(startedAt),
    answeredAt: answeredAt === null ? null : isoTime(answeredAt),
    endedAt: isoTime(endedAt),
  };
}

function logRow({ direction, address, startedAt, answeredAt, endedAt, outcome }: CallLogView): readonly string[] {
  const length = answeredAt === null ? '' : `${Math.round((endedAt - answeredAt) / 1000)} s`;
  return [when(startedAt), `${direction === 'in' ? 'from' : 'to'} ${address}`, outcome, length];
}

/** Two rounds of repetition. */
const RING_MILLISECONDS = 25_000;
