import type { MemberView, RoomView } from '@sotto/keybox';
import { ChevronDown } from 'lucide-react';
import { type JSX, useState } from 'react';
import { useAct } from '../../app/asked.ts';
import { Button } from '../../kit/button.tsx';
import { RadioGroup } from '../../kit/choice.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { useText } from '../../text/language.tsx';
import { type Role, rolesToGive } from './rights.ts';
import { text } from './text.ts';

/** The role of a member, and giving another. */
export function MemberRole({
  room,
  member: { address, role },
}: {
  readonly room: RoomView;
  readonly member: MemberView;
}): JSX.Element {
  const words = useText(text);
  const [chosen, setChosen] = useState<Role | null>(null);
  const set = useAct(({ box }, next: Role) => box.setRole(room.id, address, next), {
    said: words.roleSet(address),
    after: () => setChosen(null),
  });
  const mayGive = room.role === null ? [] : rolesToGive(room.role);
  return (
    <>
      <Button
        icon={<ChevronDown />}
        onPress={() => setChosen(role)}
        aria-label={`${words.roleOf(address)}: ${words.roles[role]}`}
      >
        {words.roles[role]}
      </Button>
      <Dialog
        title={words.roleOf(address)}
        isOpen={chosen !== null}
        onClose={() => setChosen(null)}
        actions={
          <Button
            kind="primary"
            isDisabled={chosen === role}
            isPending={set.isPending}
            onPress={() => chosen !== null && set.mutate(chosen)}
          >
            {words.role}: {words.roles[chosen ?? role]}
          </Button>
        }
      >
        <RadioGroup
          label={words.role}
          value={chosen ?? role}
          onChange={(next) => setChosen(next)}
          options={mayGive.map((each) => ({ value: each, label: words.roles[each], hint: words.roleHints[each] }))}
        />
        {set.error !== null && <FaultNotice fault={set.error} />}
      </Dialog>
    </>
  );
}
