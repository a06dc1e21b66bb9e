import { controlChannel, eventChannel, heirChannel, type Inheritance } from '../wire/channels.ts';
import { carryFaults } from '../wire/remote-fault.ts';
import { serveTab } from '../wire/worker-endpoint.ts';
import { WebGate } from './gate.ts';
import { HeldVaults } from './held-vaults.ts';
import { openStored } from './stored.ts';
import { Tasks } from './tasks.ts';
import { webTools } from './tools.ts';

/** Has the vaults from now on, and serves all tabs; goes on with what was open in the worker before. */
export async function hold(inheritance: Inheritance | null): Promise<void> {
  carryFaults();
  const events = eventChannel();
  const vaults = new HeldVaults(await openStored(), {
    tell: (event) => events.postMessage(event),
    handOn: () => control.say({ kind: 'holding', holder }),
    disinherit: () => control.say({ kind: 'disinherit' }),
  });
  const holder = crypto.randomUUID();
  const tasks = new Tasks((event) => vaults.tell(event));
  const worker = {
    gate: new WebGate(vaults, tasks),
    tools: webTools(vaults, tasks),
    get box() {
      return vaults.open.box;
    },
  };
  const tabs = new Map<string, () => void>();
  const control = controlChannel((message) => {
    if (message.kind === 'waiting') handOn(vaults, message.heir);
    if (message.kind === 'bye') {
      tabs.get(message.tab)?.();
      tabs.delete(message.tab);
    }
    if (message.kind === 'hello') void welcome(message.tab);
  });
  const welcome = async (tab: string): Promise<void> => {
    await ready;
    if (!tabs.has(tab))
      tabs.set(
        tab,
        serveTab(tab, worker, (kind) => vaults.done(kind)),
      );
    control.say({ kind: 'welcome', tab, holder, state: await vaults.state() });
  };
  const ready = inheritance === null ? Promise.resolve() : vaults.goOn(inheritance);
  await ready;
  control.say({ kind: 'holding', holder });
}

/** An account that is nowhere stored cannot be opened by another worker. */
function handOn(vaults: HeldVaults, heir: string): void {
  const inheritance = vaults.inheritance();
  if (inheritance === null) return;
  const channel = heirChannel(heir);
  channel.postMessage(inheritance);
  channel.close();
  inheritance.vaultSecret.fill(0);
}
