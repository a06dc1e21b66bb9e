import { Fault } from '@sotto/bytes';
import type { KeyBox, MessageView, Sent } from '@sotto/keybox';
import { keyLogEntry } from '@sotto/protocol';
import type { Device } from './acts.ts';
import { codes } from './acts.ts';
import type { Run } from './run.ts';
import { SETTLE_MILLISECONDS } from './troubles.ts';
import { CANARY } from './weather.ts';

/** Ends all troubles, starts whatever stands still, and lets everybody come up to date. */
export async function heal(run: Run): Promise<void> {
  const { city, weather, ledger, cast } = run;
  weather.heal();
  city.network.release();
  await run.finishOpen();
  ledger.note('healed');
  for (const domain of run.domains) {
    const home = city.home(domain);
    home.disk.setFull(false);
    if (!home.isUp) await city.run(home.start());
  }
  for (const device of cast) {
    device.skew = 0;
    device.disk.setFull(false);
    device.disk.crashPoint = null;
    if (device.box === null) await city.run(device.start());
  }
  if (run.domains.some((domain) => ledger.restored.has(domain))) await giveBack(run);
  await converge(run);
}

/** Everybody brings a restored server what it lost; then it has waited long enough for those who are not here. */
async function giveBack(run: Run): Promise<void> {
  for (const device of run.cast) if (device.box !== null) await syncOnce(run, device, device.box);
  await run.city.timeline.pass(SETTLE_MILLISECONDS);
}

/** Everybody syncs until all are at one, in so many rounds at most. */
async function converge(run: Run): Promise<void> {
  const { ledger, cast, chance } = run;
  const moreRounds = chance.happens(0.05) ? 2 : 0;
  let agreedRounds = 0;
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    let troubled = '';
    for (const device of cast) {
      if (device.box === null) return ledger.violated(`${device.name} died after the healing`);
      troubled += await syncOnce(run, device, device.box);
    }
    const [disagreement] = disagreements(await everythingSeen(run));
    const isAgreed = troubled === '' && disagreement === undefined;
    if (!isAgreed && agreedRounds > 0) return ledger.violated(`agreed, and then no more:${troubled} ${disagreement}`);
    if (isAgreed && agreedRounds++ === moreRounds) return ledger.note(`agreed after ${round} rounds`);
    if (round === MAX_ROUNDS) ledger.violated(`no agreement in ${round} rounds:${troubled} ${disagreement}`);
  }
}

/** What was in the way of it; a device that was lied to may refuse the room, or everything. */
async function syncOnce(run: Run, device: Device, box: KeyBox): Promise<string> {
  const { city, ledger } = run;
  try {
    const { online, faults } = await city.run(box.sync());
    const isRestored = ledger.restored.has(device.name);
    const unexcused = faults.filter(({ code }) => {
      if (isRestored && code === 'state-forked') return false;
      return !EVIDENT.has(code) || ledger.liedOf.size === 0;
    });
    return online && unexcused.length === 0 ? '' : ` ${device.name} ${online} ${codes(unexcused, ledger)}`;
  } catch (cause) {
    const isDeserved = cause instanceof Fault && EVIDENT.has(cause.code) && ledger.liedOf.size > 0;
    if (!isDeserved) throw cause;
    ledger.distrusting.set(device.name, cause.code);
    return '';
  }
}

export async function checkAll(run: Run): Promise<void> {
  const { city, ledger, weather } = run;
  const seen = await everythingSeen(run);
  for (const { device, ...room } of seen) {
    const lines = room.messages.map(({ n, author, text, edited, reactions }) =>
      [n, author, text, edited, reactions.map((each) => `${each.author}${each.text}`).join('+')].join(' '),
    );
    ledger.note(`${device.name} ${ledger.roomName(room.id)} ${room.name} ${room.role}: ${lines.join(' | ')}`);
  }
  for (const disagreement of disagreements(seen)) ledger.violated(disagreement);
  checkSayings(run, seen);
  checkSecrecy(run);
  checkDistrust(run);
  for (const device of run.cast) checkGaps(run, device);
  for (const home of city.homes) {
    for (const error of home.errors) ledger.violated(`${home.domain} failed: ${error}`);
    if (home.disk.holds(CANARY)) ledger.violated(`${home.domain} stores words`);
  }
  if (weather.sawWords) ledger.violated('words on the wire');
  if (weather.answeredEarly) ledger.violated('a server answered before its disk had it');
  for (const reuse of city.nonces.reused) ledger.violated(reuse);
}

interface RoomSeen {
  readonly id: string;
  readonly name: string;
  readonly role: string | null;
  readonly messages: readonly MessageView[];
  /** Positions and hashes of the log. */
  readonly log: string;
}

interface Seen extends RoomSeen {
  readonly device: Device;
}

async function roomsOf({ box, disk }: Device): Promise<readonly RoomSeen[]> {
  if (box === null) return [];
  const rooms: RoomSeen[] = [];
  for (const { id, name, role } of await box.listRooms()) {
    const log = disk.look<{ line: string }>(
      'keys',
      `SELECT group_concat(n || ':' || hex(hash)) AS line FROM (SELECT n, hash FROM log WHERE room = x'${id}' ORDER BY n)`,
    );
    rooms.push({ id, name, role, messages: await box.listMessages(id), log: log[0]?.line ?? '' });
  }
  return rooms;
}

/** Of devices and rooms that nobody has a reason to refuse. */
async function everythingSeen({ cast, ledger }: Run): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  for (const device of cast.filter(({ name }) => !ledger.distrusting.has(name))) {
    const refused = ledger.liedOf.size === 0 ? [] : refusedRooms(device);
    for (const room of await roomsOf(device)) {
      if (ledger.liedOf.has(room.id) && refused.includes(room.id)) continue;
      // What an old copy of a vault has to say, nobody takes any more.
      const messages = ledger.restored.has(device.name) ? room.messages.filter(({ n }) => n !== null) : room.messages;
      seen.push({ device, ...room, messages });
    }
  }
  return seen;
}

/** Rooms of which the key log says that they are not read on, or that something in them was refused. */
function refusedRooms({ disk }: Device): readonly string[] {
  const rows = disk.look<{ entry: Uint8Array }>('keys', 'SELECT entry FROM key_log WHERE code IS NOT NULL');
  return rows.flatMap(({ entry }) => {
    const parsed = keyLogEntry.parse(entry);
    if (parsed.event === 'head/contradiction') return parsed.subject === 'room' ? [parsed.id] : [];
    return 'room' in parsed ? [parsed.room] : [];
  });
}

/** All who are members see one order, and the same words in it. */
function disagreements(seen: readonly Seen[]): readonly string[] {
  const found: string[] = [];
  for (const id of new Set(seen.map((room) => room.id))) {
    const views = seen.filter((room) => room.id === id && room.role !== null);
    const [first, ...others] = views;
    for (const other of others) found.push(...differences(first as Seen, other));
    for (const view of views) found.push(...flaws(view));
  }
  return found;
}

/** What no single view may have. */
function flaws({ device, messages }: Seen): readonly string[] {
  // What the room refused stays with its author, who was told why.
  const positions = messages.filter(({ n, code }) => n !== null || code === null).map(({ n }) => n);
  const hidden = messages.filter(({ state }) => state === 'undecryptable');
  return [
    ...(positions.includes(null) ? [`${device.name} has something queued`] : []),
    ...(new Set(positions).size === positions.length ? [] : [`${device.name} has two at one position`]),
    ...hidden.map(({ n, code }) => `${device.name} cannot read ${n}: ${code}`),
  ];
}

function differences(one: Seen, other: Seen): readonly string[] {
  const both = `${one.device.name} and ${other.device.name}`;
  const isOneLog = one.log.startsWith(other.log) || other.log.startsWith(one.log);
  const left = new Map(one.messages.map((message) => [message.n, plain(message)]));
  const right = new Map(other.messages.map((message) => [message.n, plain(message)]));
  const differing = [...new Set([...left.keys(), ...right.keys()])].filter((n) => {
    if (!left.has(n)) return !isLate(one, n);
    if (!right.has(n)) return !isLate(other, n);
    return left.get(n) !== right.get(n);
  });
  return [
    ...(isOneLog ? [] : [`${both} have two logs`]),
    ...differing.map((n) => `${both} read otherwise at ${n}: ${left.get(n)} ${right.get(n)}`),
  ];
}

/** What was said before somebody came in is not theirs where history begins with joining. */
function isLate(lacks: Seen, n: number | null): boolean {
  const first = lacks.messages[0]?.n ?? Number.POSITIVE_INFINITY;
  return (n ?? 0) < first;
}

function plain({ author, text, edited, reactions, device }: MessageView): string {
  return JSON.stringify([
    author,
    device,
    text,
    edited,
    reactions.map((each) => `${each.author} ${each.text}`).toSorted(),
  ]);
}

/** What was durable is there exactly once, in the order in which its device said it. */
function checkSayings({ ledger, cast }: Run, seen: readonly Seen[]): void {
  for (const view of seen) {
    if (view.role === null) continue;
    const last = new Map<string, number>();
    for (const saying of ledger.sayings.filter(({ room }) => room === view.id)) {
      const found = view.messages.filter(({ text }) => text.startsWith(saying.text));
      if (found.length > 1) ledger.violated(`${view.device.name} has ${saying.text} ${found.length} times`);
      const n = found[0]?.n ?? null;
      if (n === null) continue;
      if (n < (last.get(saying.device) ?? -1)) ledger.violated(`${view.device.name}: ${saying.text} out of order`);
      last.set(saying.device, n);
    }
  }
  for (const saying of ledger.sayings) {
    if (saying.sent === null || ledger.liedOf.has(saying.room)) continue;
    if (isSomewhere(seen, saying) || isExcused(seen, saying)) continue;
    if (ledger.restored.has(saying.device) && waits(cast, saying.device, saying.sent)) continue;
    if (ledger.distrusting.has(saying.device) && saying.sent.state === 'queued') continue;
    ledger.violated(`${saying.text} of ${saying.device} was ${saying.sent.state} and is nowhere`);
  }
}

function isSomewhere(seen: readonly Seen[], { room, text }: { readonly room: string; readonly text: string }): boolean {
  return seen.some(
    (view) => view.id === room && view.messages.some((each) => each.n !== null && each.text.startsWith(text)),
  );
}

/** What an old copy of a vault has to say, nobody takes any more: it stays in its outbox. */
function waits(cast: readonly Device[], name: string, { id, state }: Sent): boolean {
  const disk = cast.find((device) => device.name === name)?.disk;
  return state === 'queued' && (disk?.look('keys', `SELECT 1 FROM outbox WHERE id = x'${id}'`).length ?? 0) === 1;
}

/** Whoever was put out of the room meanwhile, or put an old vault back, keeps what was not accepted. */
function isExcused(
  seen: readonly Seen[],
  saying: { device: string; room: string; sent: { state: string } | null; vaultWasRestored: boolean },
): boolean {
  if (saying.sent?.state !== 'queued') return false;
  if (saying.vaultWasRestored) return true;
  return seen.some((view) => view.device.name === saying.device && view.id === saying.room && view.role === null);
}

/** Whoever trusts the server no more can read why in the key log. */
function checkDistrust({ ledger, cast }: Run): void {
  for (const [name, code] of ledger.distrusting) {
    const device = cast.find((each) => each.name === name);
    const told = device?.disk.look<{ code: string }>('keys', 'SELECT code FROM key_log WHERE code IS NOT NULL') ?? [];
    if (!told.some((each) => each.code === code)) ledger.violated(`${name} does not tell of ${code}`);
  }
}

/** A record of a device that is missing before another one of it never goes unnoticed. */
function checkGaps({ ledger }: Run, { name, disk }: Device): void {
  const last = new Map<string, number>();
  const rows = disk.look<{ room: string; device: string; seq: number }>(
    'keys',
    'SELECT lower(hex(room)) AS room, hex(device) AS device, seq FROM log WHERE seq IS NOT NULL ORDER BY room, n',
  );
  for (const { room, device, seq } of rows) {
    const key = `${room} ${device}`;
    const due = (last.get(key) ?? 0) + 1;
    last.set(key, Math.max(seq, last.get(key) ?? 0));
    if (seq <= due) continue;
    const told = disk
      .look<{ entry: Uint8Array }>('keys', 'SELECT entry FROM key_log')
      .map((row) => keyLogEntry.parse(row.entry));
    const isTold = told.some((entry) => entry.event === 'gap/missing' && entry.room === room);
    if (!isTold) ledger.violated(`${name} is not told of a gap before ${seq}`);
  }
}

/** Nobody keeps words of a room in which their account was not. */
function checkSecrecy({ ledger, cast }: Run): void {
  for (const { room, address, from, readded } of ledger.removals) {
    if (readded) continue;
    const later = ledger.sayings
      .slice(from)
      .filter((each) => each.room === room && !each.device.startsWith(`${address}/`));
    for (const device of cast.filter(({ resident }) => resident.address === address)) {
      for (const { text } of later) if (device.disk.holds(text)) ledger.violated(`${device.name} learned ${text}`);
    }
  }
}

const MAX_ROUNDS = 7;
/** What a device says that was told two different pasts. */
const EVIDENT: ReadonlySet<string> = new Set([
  'rollback',
  'room-forked',
  'split-view',
  'log-broken',
  'state-forked',
  'identity-conflict',
  'bad-seen',
]);
