import { useNavigate } from '@tanstack/react-router';
import { Lock } from 'lucide-react';
import { type JSX, useState } from 'react';
import { stricter } from '../../app/auto-lock.tsx';
import { setPreference, usePreferences } from '../../app/preferences.ts';
import { useDo, useRead } from '../../app/queries.ts';
import { useOpenVault } from '../../app/vaults.tsx';
import { Badge } from '../../kit/badge.tsx';
import { Button } from '../../kit/button.tsx';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { List, ListRow } from '../../kit/list-row.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { Select } from '../../kit/select.tsx';
import { useText } from '../../text/language.tsx';
import { text } from './browser-text.ts';

/** Accounts in this browser, when they lock, and how they are removed from it. */
export function Browser(): JSX.Element {
  const words = useText(text);
  const lock = useDo(({ gate }, _: null) => gate.lock());
  return (
    <Page title={words.title} back="/settings/{-$part}">
      <Accounts />
      <Section
        title={words.lock}
        lead={words.lockLead}
        actions={
          <Button kind="primary" icon={<Lock />} isPending={lock.isPending} onPress={() => lock.mutate(null)}>
            {words.lockNow}
          </Button>
        }
      >
        <AutoLockChoice />
      </Section>
      <Wipe />
    </Page>
  );
}

function Accounts(): JSX.Element {
  const words = useText(text);
  const { accounts, address, temporary } = useOpenVault();
  return (
    <Section title={words.accounts} lead={temporary ? words.temporary : words.accountsLead}>
      <List label={words.accounts}>
        {accounts.map((account) => (
          <ListRow
            key={account.address}
            title={<bdi>{account.address}</bdi>}
            detail={
              <>
                <bdi>{account.server}</bdi> · <bdi>{account.device}</bdi>
              </>
            }
            end={
              <Badge tone={account.address === address ? 'good' : 'plain'}>
                {account.address === address ? words.open : words.locked}
              </Badge>
            }
          />
        ))}
      </List>
    </Section>
  );
}

function AutoLockChoice(): JSX.Element {
  const words = useText(text);
  const { autoLockMinutes } = usePreferences();
  const rule = useRead(['policy'], ({ box }) => box.policy.state()).inForce.autoLockMinutes;
  const allowed = MINUTES.filter((minutes) => stricter(minutes, rule) === minutes);
  const offered = rule === null || allowed.includes(rule) ? allowed : [...allowed, rule].toSorted((a, b) => a - b);
  return (
    <Select
      label={words.autoLock}
      hint={rule === null ? undefined : words.rule(rule)}
      value={String(stricter(autoLockMinutes, rule))}
      options={offered.map((minutes) => ({
        value: String(minutes),
        label: minutes === 0 ? words.never : words.minutes(minutes),
      }))}
      onChange={(value) => setPreference('autoLockMinutes', Number(value))}
    />
  );
}

function Wipe(): JSX.Element {
  const words = useText(text);
  const { address } = useOpenVault();
  const navigate = useNavigate();
  const [isAsked, setAsked] = useState(false);
  const { waysBack } = useRead(['account'], ({ box }) => box.showAccount());
  const wipe = useDo(async ({ gate }, _: null) => {
    await gate.forget(address);
    await navigate({ to: '/welcome' });
  });
  return (
    <Section
      title={words.wipe}
      lead={words.wipeLead}
      actions={
        <Button kind="danger" onPress={() => setAsked(true)}>
          {words.wipeNow}
        </Button>
      }
    >
      <ConfirmDialog
        title={words.question}
        action={words.wipeNow}
        isDangerous
        word={address}
        isOpen={isAsked}
        isPending={wipe.isPending}
        fault={wipe.error}
        onConfirm={() => wipe.mutate(null)}
        onClose={() => setAsked(false)}
      >
        <p>{words.lost}</p>
        <p>{words.notLost}</p>
        {waysBack.length === 0 && <strong>{words.unsafe}</strong>}
      </ConfirmDialog>
    </Section>
  );
}

/** 0: never. */
const MINUTES: readonly number[] = [5, 15, 30, 60, 240, 0];
