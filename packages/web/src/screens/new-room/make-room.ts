import type { ContactView, RoomView } from '@sotto/keybox';
import type { UseMutationResult } from '@tanstack/react-query';
import { useState } from 'react';
import { useAct } from '../../app/asked.ts';
import { say } from '../../kit/toasts.ts';
import { useText } from '../../text/language.tsx';
import { text } from './text.ts';

type Address = ContactView['address'];

interface RoomPlan extends Pick<RoomView, 'name' | 'history' | 'keying'> {
  readonly members: readonly Address[];
}

/** A room that was made, with those who could not be added and why. */
interface MadeRoom {
  readonly room: string;
  readonly faults: readonly { readonly address: Address; readonly fault: Error }[];
}

interface RoomMaking {
  readonly make: UseMutationResult<MadeRoom, Error, RoomPlan>;
  /** Who is being added. */
  readonly adding: Address | null;
  readonly missing: MadeRoom | null;
}

/** Makes a room and adds its members one by one; one who cannot be added does not keep the others out. */
export function useMakeRoom(onMade: (room: string) => void): RoomMaking {
  const words = useText(text);
  const [adding, setAdding] = useState<Address | null>(null);
  const [missing, setMissing] = useState<MadeRoom | null>(null);
  const make = useAct(
    async ({ box }, { members, ...plan }: RoomPlan): Promise<MadeRoom> => {
      const { id } = await box.createRoom({ ...plan, type: 'chat' });
      const faults: { address: Address; fault: Error }[] = [];
      for (const address of members) {
        setAdding(address);
        try {
          await box.addMember(id, address, 'member');
        } catch (fault) {
          faults.push({ address, fault: fault instanceof Error ? fault : new Error(String(fault)) });
        }
      }
      return { room: id, faults };
    },
    {
      after: (made, { name }) => {
        setAdding(null);
        if (made.faults.length > 0) return setMissing(made);
        say(words.created(name));
        onMade(made.room);
      },
    },
  );
  return { make, adding, missing };
}
