import type { DeviceDetailView } from '@sotto/keybox';
import { useNavigate } from '@tanstack/react-router';
import { Laptop, LifeBuoy, Waypoints } from 'lucide-react';
import { type JSX, useState } from 'react';
import { useAct, useAsked } from '../../app/asked.ts';
import { Badge } from '../../kit/badge.tsx';
import { Button } from '../../kit/button.tsx';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { List, ListRow } from '../../kit/list-row.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { Time } from '../../kit/time.tsx';
import { useText } from '../../text/language.tsx';
import { text } from './devices-text.ts';

/** Who can speak for this account, and the way to shut one out. */
export function Devices(): JSX.Element {
  const words = useText(text);
  const devices = useAsked('devices', ({ box }) => box.devices.list());
  const navigate = useNavigate();
  const [asked, setAsked] = useState<DeviceDetailView | null>(null);
  const active = devices.filter(({ state }) => state === 'active');
  const revoked = devices.filter(({ state }) => state === 'revoked');
  return (
    <Page
      title={words.title}
      lead={words.lead}
      back="/security/{-$part}"
      actions={
        <Button kind="primary" onPress={() => void navigate({ to: '/link' })}>
          {words.link}
        </Button>
      }
    >
      <List label={words.active}>
        {active.map((device) => (
          <ActiveDevice key={device.id} device={device} onRevoke={() => setAsked(device)} />
        ))}
      </List>
      <Rotation />
      {revoked.length > 0 && (
        <Section title={words.revoked} lead={words.revokedLead}>
          <List label={words.revoked}>
            {revoked.map(({ id, name, kind }) => (
              <ListRow key={id} icon={<Icon kind={kind} />} title={<bdi>{name}</bdi>} detail={words.kinds[kind]} />
            ))}
          </List>
        </Section>
      )}
      <Revocation device={asked} onClose={() => setAsked(null)} />
    </Page>
  );
}

function ActiveDevice({
  device,
  onRevoke,
}: {
  readonly device: DeviceDetailView;
  readonly onRevoke: () => void;
}): JSX.Element {
  const words = useText(text);
  const { name, kind, current } = device;
  return (
    <ListRow
      icon={<Icon kind={kind} />}
      title={<bdi>{name}</bdi>}
      detail={
        <>
          {words.kinds[kind]}
          {kind === 'keybox' && !current && <Seen device={device} />}
        </>
      }
      end={
        <>
          {current && <Badge tone="good">{words.current}</Badge>}
          {!current && device.connected && <Badge tone="good">{words.connected}</Badge>}
          {!current && kind !== 'recovery' && (
            <Button onPress={onRevoke} aria-label={words.revokeOne(name)}>
              {words.revoke}
            </Button>
          )}
        </>
      }
    />
  );
}

function Seen({ device: { connected, lastSeenAt } }: { readonly device: DeviceDetailView }): JSX.Element | null {
  const words = useText(text);
  if (connected) return null;
  if (lastSeenAt === null) return <> · {words.never}</>;
  return (
    <>
      {' · '}
      {words.seen} <Time at={lastSeenAt} />
    </>
  );
}

function Revocation({
  device,
  onClose,
}: {
  readonly device: DeviceDetailView | null;
  readonly onClose: () => void;
}): JSX.Element {
  const words = useText(text);
  const revoke = useAct(({ box }, name: string) => box.devices.revoke(name), { said: words.done, after: onClose });
  const close = (): void => {
    revoke.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      title={words.question(device?.name ?? '')}
      action={words.revoke}
      isDangerous
      isOpen={device !== null}
      isPending={revoke.isPending}
      fault={revoke.error}
      onConfirm={() => device !== null && revoke.mutate(device.name)}
      onClose={close}
    >
      <p>{device?.kind === 'roaming' ? words.followsRoaming : words.follows}</p>
      <p>{words.stays}</p>
    </ConfirmDialog>
  );
}

function Rotation(): JSX.Element {
  const words = useText(text);
  const rotate = useAct(({ box }, _: null) => box.devices.rotate(), { said: words.rotated });
  return (
    <Section
      title={words.rotation}
      lead={words.rotationLead}
      actions={
        <Button isPending={rotate.isPending} onPress={() => rotate.mutate(null)}>
          {words.rotate}
        </Button>
      }
    />
  );
}

function Icon({ kind }: { readonly kind: DeviceDetailView['kind'] }): JSX.Element {
  if (kind === 'recovery') return <LifeBuoy aria-hidden="true" />;
  return kind === 'roaming' ? <Waypoints aria-hidden="true" /> : <Laptop aria-hidden="true" />;
}
