import { parseSipUri, type SipNews, SipPhone } from '@sotto/call-node';
import { encodeUri, isSipUri, type SipUri } from '@sotto/sip';
import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import type { CallFlags } from '../routes/call.ts';
import { printableLine } from '../terminal.ts';
import { type CallAudio, openAudio } from './call-audio.ts';
import { CallQueue } from './call-queue.ts';
import { CallReport } from './call-report.ts';
import { type SoftphoneHappening, talkToSoftphone } from './softphone-conversation.ts';

/** Calls a softphone directly, talks, and ends with what became of it. Asks no server. */
export async function placeSoftphoneCall(run: Run, flags: CallFlags, uri: string): Promise<void> {
  const target = parseSipUri(uri);
  await withPhone(run, flags, 0, async ({ phone, ...parts }) => {
    new CallReport(run.output).softphone('calling', uri);
    await talkToSoftphone(run, {
      ...{ ...parts, flags, phone, partner: nameOf(target), audio: await openAudio(flags) },
      begin: (media) => phone.place(target, media),
    });
  });
}

/** Waits on a port until a softphone calls, and answers: the person says so where one can be asked. */
export async function answerSoftphone(run: Run, flags: CallFlags, port: number): Promise<void> {
  await withPhone(run, flags, port, async ({ phone, queue, ...parts }) => {
    const audio = await openAudio(flags);
    new CallReport(run.output).softphone('waiting', `sip:${phone.user}@${phone.address}`);
    const incoming = await firstCall(run, queue);
    if (incoming === null) return closeAudio(audio);
    const { call, from, media } = incoming;
    const who = printableLine(encodeUri(from.uri));
    new CallReport(run.output).softphone('incoming', who);
    try {
      await run.dialogue.confirm(`${who} calls; anybody can claim to be that. Answer?`);
    } catch (cause) {
      phone.end(call);
      await closeAudio(audio);
      throw cause;
    }
    await talkToSoftphone(run, {
      ...{ ...parts, flags, phone, queue, audio, partner: isSipUri(from.uri) ? nameOf(from.uri) : who },
      async begin(local) {
        phone.accept(call, local);
        queue.push({ from: 'signalling', news: { kind: 'answered', call, media } });
        return call;
      },
    });
  });
}

interface Opened {
  readonly phone: SipPhone;
  readonly queue: CallQueue<SoftphoneHappening>;
  readonly box: Parameters<Parameters<typeof withAccount>[2]>[0];
}

async function withPhone(
  run: Run,
  flags: CallFlags,
  port: number,
  work: (opened: Opened) => Promise<void>,
): Promise<void> {
  await withAccount(run, 'unused', async (box) => {
    const queue = new CallQueue<SoftphoneHappening>();
    const phone = await SipPhone.open({
      user: box.address.split('@')[0] ?? 'sotto',
      address: flags.listen?.[0] ?? '127.0.0.1',
      port,
      notify: (news) => queue.push({ from: 'signalling', news }),
    });
    try {
      await work({ phone, queue, box });
    } finally {
      queue.close();
      await phone.close();
    }
  });
}

/** The first that rings; null if the program is stopped. Calls that are refused are told meanwhile. */
async function firstCall(
  run: Run,
  queue: CallQueue<SoftphoneHappening>,
): Promise<Extract<SipNews, { readonly kind: 'incoming' }> | null> {
  const stopped = (): void => queue.push({ from: 'person', word: 'q' });
  run.world.stopped().addEventListener('abort', stopped, { once: true });
  for await (const happening of queue) {
    if (happening.from === 'person') return null;
    if (happening.from !== 'signalling') continue;
    if (happening.news.kind === 'incoming') return happening.news;
    if (happening.news.kind === 'refused') new CallReport(run.output).refused(happening.news.fault.code);
  }
  return null;
}

async function closeAudio({ source, sink }: CallAudio): Promise<void> {
  await Promise.all([source.close(), sink.close()]);
}

/** What the secrets of a softphone lie under. */
function nameOf({ user, host }: SipUri): string {
  return `${user ?? ''}@${host.toLowerCase()}`;
}
