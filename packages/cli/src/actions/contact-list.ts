import type { ContactView } from '@sotto/keybox';
import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { table } from '../terminal.ts';
import { stateText } from './views.ts';

export async function listContacts({ output, ...run }: Run): Promise<void> {
  await withAccount({ output, ...run }, 'wanted', async (box) => {
    const contacts = await box.listContacts();
    if (contacts.length === 0) output.note('No contacts yet: `sotto contact add ADDRESS` asks somebody.');
    if (contacts.length === 0 && !output.json) return;
    output.list(contacts, () =>
      table(['ADDRESS', 'CALLS ITSELF', 'STATE', 'VERIFIED', 'NOTE'], contacts.map(row), output.style),
    );
  });
}

function row({ address, name, state, verified, note }: ContactView): readonly string[] {
  return [address, name ?? '', stateText[state], verified ? 'yes' : 'no', note];
}
