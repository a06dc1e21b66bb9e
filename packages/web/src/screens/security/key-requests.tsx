import type { KeyRequestView } from '@sotto/keybox';
import { BadgeCheck } from 'lucide-react';
import type { JSX } from 'react';
import { useAct } from '../../app/asked.ts';
import { useRead } from '../../app/queries.ts';
import { Badge } from '../../kit/badge.tsx';
import { Button } from '../../kit/button.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { List, ListRow } from '../../kit/list-row.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { Time } from '../../kit/time.tsx';
import { useText } from '../../text/language.tsx';
import { text } from './key-requests-text.ts';

/** Keys that members ask each other for. */
export function KeyRequests(): JSX.Element {
  const words = useText(text);
  const requests = useRead(['key-requests'], ({ box }) => box.keyRequests.list()).toReversed();
  const others = requests.filter(({ own }) => !own);
  const own = requests.filter((request) => request.own);
  return (
    <Page title={words.title} lead={words.lead} back="/security/{-$part}">
      {requests.length === 0 && (
        <EmptyState picture={<BadgeCheck />} title={words.none}>
          {words.noneDetail}
        </EmptyState>
      )}
      {others.length > 0 && (
        <Section title={words.others} lead={words.othersLead}>
          <Requests label={words.others} requests={others} />
        </Section>
      )}
      {own.length > 0 && (
        <Section title={words.own} lead={words.ownLead}>
          <Requests label={words.own} requests={own} />
        </Section>
      )}
    </Page>
  );
}

function Requests({
  label,
  requests,
}: {
  readonly label: string;
  readonly requests: readonly KeyRequestView[];
}): JSX.Element {
  const words = useText(text);
  const rooms = useRead(['rooms'], ({ box }) => box.listRooms());
  const names = new Map(rooms.map(({ id, name }) => [id, name]));
  const approve = useAct(({ box }, id: string) => box.keyRequests.approve(id), { said: words.approved });
  const deny = useAct(({ box }, id: string) => box.keyRequests.deny(id), { said: words.denied });
  const fault = approve.error ?? deny.error;
  const isPending = approve.isPending || deny.isPending;
  return (
    <>
      {fault !== null && <FaultNotice fault={fault} />}
      <List label={label}>
        {requests.map((request) => (
          <ListRow
            key={`${request.id}/${request.state}`}
            title={
              <>
                <bdi>{request.own ? words.you : (request.author ?? words.unknown)}</bdi>
                {' · '}
                <bdi>{names.get(request.room) || request.room.slice(0, 8)}</bdi>
              </>
            }
            detail={
              <>
                {words.eras(request.eras.length)} · <Time at={request.at} />
              </>
            }
            end={
              request.state === 'open' && !request.own ? (
                <>
                  <Button isDisabled={isPending} onPress={() => deny.mutate(request.id)}>
                    {words.deny}
                  </Button>
                  <Button kind="primary" isDisabled={isPending} onPress={() => approve.mutate(request.id)}>
                    {words.approve}
                  </Button>
                </>
              ) : (
                <Badge>{words.states[request.state]}</Badge>
              )
            }
          />
        ))}
      </List>
    </>
  );
}
