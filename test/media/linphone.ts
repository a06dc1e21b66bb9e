import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

export interface LinphoneOptions {
  /** Its home: settings, secrets of earlier calls, what it records. */
  readonly folder: string;
  /** What it says, a WAV file of 16 bits. */
  readonly play: string;
  /** One of each kind, as it names them; its own where there is none. */
  /** What its media are under; mandatory ZRTP if absent. */
  readonly encryption?: 'none' | 'srtp' | 'zrtp';
  readonly zrtp?: Readonly<Record<'key_agreements' | 'cipher' | 'hash' | 'sas' | 'auth', string>>;
}

/** Debian's linphonec, a whole client of another maker, with ZRTP mandatory, by its console. */
export class Linphone {
  readonly uri: string;
  readonly recording: string;
  readonly #program: ChildProcessByStdio<Writable, Readable, null>;
  readonly #log: string;
  #console = '';
  readonly #waiting = new Set<() => void>();

  static async start(options: LinphoneOptions): Promise<Linphone> {
    const [sip, rtp] = [await freePort(), await freePort()];
    const phone = new Linphone(options, sip, rtp);
    await phone.next(/linphonec>/);
    for (const line of ['soundcard use files', `play ${options.play}`, `record ${phone.recording}`]) phone.type(line);
    return phone;
  }

  private constructor({ folder, zrtp, encryption = 'zrtp' }: LinphoneOptions, sip: number, rtp: number) {
    // It makes its database only in a folder that is there.
    mkdirSync(join(folder, '.local/share/linphone'), { recursive: true });
    const settings = join(folder, 'linphonerc');
    writeFileSync(settings, configuration({ sip, rtp, zrtp, encryption }));
    this.uri = `sip:linphone@127.0.0.1:${sip}`;
    this.recording = join(folder, `heard-${sip}.wav`);
    this.#log = join(folder, `log-${sip}`);
    const env = { PATH: process.env['PATH'], HOME: folder, XDG_DATA_HOME: join(folder, '.local/share') };
    this.#program = spawn('linphonec', ['-c', settings, '-d', '6', '-l', this.#log], {
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#program.stdin.on('error', () => undefined);
    this.#program.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#console += text;
      for (const wake of this.#waiting) wake();
    });
  }

  type(line: string): void {
    this.#program.stdin.write(`${line}\n`);
  }

  /** Waits until its console says this, after what was waited for before; what the first group found. */
  async next(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.#console);
      if (found !== null) {
        this.#console = this.#console.slice(found.index + found[0].length);
        return found[1] ?? '';
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.add(resolve);
      await promise;
      this.#waiting.delete(resolve);
    }
  }

  /** What it writes for its makers. */
  get log(): string {
    return existsSync(this.#log) ? readFileSync(this.#log, 'utf8') : '';
  }

  /** Ends the program and keeps its folder. */
  async quit(): Promise<void> {
    const { exitCode, signalCode } = this.#program;
    if (exitCode !== null || signalCode !== null) return;
    const ended = new Promise((resolve) => this.#program.once('exit', resolve));
    this.type('quit');
    const timer = setTimeout(() => this.#program.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(timer);
  }
}

interface Settings {
  readonly sip: number;
  readonly rtp: number;
  readonly zrtp: LinphoneOptions['zrtp'];
  readonly encryption: string;
}

function configuration({ sip, rtp, zrtp, encryption }: Settings): string {
  const suites = Object.entries(zrtp ?? {}).map(([kind, name]) => `zrtp_${kind}_suites=${name}`);
  return [
    '[sip]',
    ...[`sip_port=${sip}`, `sip_tcp_port=${sip}`, 'sip_tls_port=-1', 'bind_address=127.0.0.1', 'default_proxy=-1'],
    // Without the first line it forgets the second.
    ...['ipv6_migration_done=1', 'use_ipv6=0', 'guess_hostname=0', `contact=<sip:linphone@127.0.0.1:${sip}>`],
    ...[`media_encryption=${encryption}`, `media_encryption_mandatory=${encryption === 'none' ? 0 : 1}`, ...suites],
    ...['[rtp]', `audio_rtp_port=${rtp}`, '[sound]', 'echocancellation=0', '[video]', 'enabled=0', ''],
  ].join('\n');
}

/** An even one, as RTP likes it, with its neighbour free for RTCP. */
async function freePort(): Promise<number> {
  for (;;) {
    const [first, second] = [createSocket('udp4'), createSocket('udp4')];
    try {
      const port = await bound(first, 0);
      if (port % 2 === 0) {
        await bound(second, port + 1);
        return port;
      }
    } catch {
      // The neighbour is taken: another pair.
    } finally {
      first.close();
      second.close();
    }
  }
}

function bound(socket: ReturnType<typeof createSocket>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ port, address: '127.0.0.1' }, () => resolve(socket.address().port));
  });
}
