import { Link } from '@tanstack/react-router';
import { Laptop, LifeBuoy, Waypoints } from 'lucide-react';
import type { JSX } from 'react';
import { useRead } from '../../app/queries.ts';
import { Badge } from '../../kit/badge.tsx';
import { List, ListRow } from '../../kit/list-row.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page } from '../../kit/page.tsx';
import { useText } from '../../text/language.tsx';
import { text } from './recovery-text.ts';

/** What gets the owner back in when this browser loses its keys. */
export function Recovery(): JSX.Element {
  const words = useText(text);
  const { waysBack, safe } = useRead(['account'], ({ box }) => box.showAccount());
  const has = (way: (typeof waysBack)[number]): JSX.Element => (
    <Badge tone={waysBack.includes(way) ? 'good' : 'plain'}>
      {waysBack.includes(way) ? words.there : words.missing}
    </Badge>
  );
  const hasKey = waysBack.includes('recovery-key');
  return (
    <Page title={words.title} lead={words.lead} back="/security/{-$part}">
      <Notice tone={safe ? 'info' : 'warning'} title={safe ? words.safe : words.unsafe}>
        <p>{words.nobody}</p>
      </Notice>
      <List label={words.ways}>
        <ListRow
          icon={<LifeBuoy aria-hidden="true" />}
          title={words.key}
          detail={words.keyDetail}
          end={
            <>
              {has('recovery-key')}
              <Link to="/kit">{hasKey ? words.replaceKey : words.makeKey}</Link>
            </>
          }
        />
        <ListRow
          icon={<Laptop aria-hidden="true" />}
          title={words.device}
          detail={words.deviceDetail}
          end={
            <>
              {has('device')}
              <Link to="/security/{-$part}" params={{ part: 'devices' }}>
                {words.devices}
              </Link>
            </>
          }
        />
        <ListRow
          icon={<Waypoints aria-hidden="true" />}
          title={words.roaming}
          detail={words.roamingDetail}
          end={
            <>
              {has('roaming')}
              <Link to="/security/{-$part}" params={{ part: 'passphrase' }}>
                {words.passphrase}
              </Link>
            </>
          }
        />
      </List>
    </Page>
  );
}
