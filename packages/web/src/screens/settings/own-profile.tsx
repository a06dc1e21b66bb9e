import type { ProfileView } from '@sotto/keybox';
import { type JSX, useState } from 'react';
import { useAct } from '../../app/asked.ts';
import { useRead } from '../../app/queries.ts';
import { Button } from '../../kit/button.tsx';
import { RadioGroup, Switch } from '../../kit/choice.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { TextField } from '../../kit/field.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { useText } from '../../text/language.tsx';
import { OwnPicture } from './own-picture.tsx';
import { text } from './own-profile-text.ts';
import styles from './settings.module.css';

/** What others see of this account. */
export function OwnProfile(): JSX.Element {
  const words = useText(text);
  const profile = useRead(['own-profile'], ({ box }) => box.profile.own());
  return (
    <Page title={words.title} back="/settings/{-$part}">
      <Section title={words.profile} lead={words.profileLead}>
        <OwnPicture profile={profile} />
        <Names profile={profile} />
      </Section>
      <Presence />
    </Page>
  );
}

function Names({ profile }: { readonly profile: ProfileView }): JSX.Element {
  const words = useText(text);
  const [name, setName] = useState(profile.name);
  const [title, setTitle] = useState(profile.title);
  const [phone, setPhone] = useState(profile.phone);
  const save = useAct(({ box }, change: Pick<ProfileView, 'name' | 'title' | 'phone'>) => box.profile.set(change), {
    said: words.saved,
  });
  const isChanged = name !== profile.name || title !== profile.title || phone !== profile.phone;
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged && !save.isPending) save.mutate({ name: name.trim(), title: title.trim(), phone: phone.trim() });
      }}
    >
      <TextField
        label={words.name}
        hint={words.nameHint}
        value={name}
        onChange={setName}
        maxLength={64}
        autoComplete="name"
      />
      <TextField
        label={words.jobTitle}
        value={title}
        onChange={setTitle}
        maxLength={128}
        autoComplete="organization-title"
      />
      <TextField label={words.phone} value={phone} onChange={setPhone} maxLength={32} type="tel" autoComplete="tel" />
      {save.error !== null && <FaultNotice fault={save.error} />}
      <Button type="submit" kind="primary" isDisabled={!isChanged} isPending={save.isPending}>
        {words.save}
      </Button>
    </form>
  );
}

function Presence(): JSX.Element {
  const words = useText(text);
  const { state, lastSeen } = useRead(['presence-setting'], ({ box }) => box.presence.setting());
  const set = useAct(({ box }, next: { readonly state: typeof state; readonly lastSeen: boolean }) =>
    box.presence.set(next.state, { lastSeen: next.lastSeen }),
  );
  return (
    <Section title={words.presence} lead={words.presenceLead}>
      <RadioGroup
        label={words.seenAs}
        value={state}
        options={CHOICES.map((value) => ({ value, label: words.states[value] }))}
        onChange={(next) => set.mutate({ state: next, lastSeen })}
      />
      <Switch label={words.lastSeen} isSelected={lastSeen} onChange={(isOn) => set.mutate({ state, lastSeen: isOn })} />
      {set.error !== null && <FaultNotice fault={set.error} />}
    </Section>
  );
}

const CHOICES = ['online', 'away', 'busy', 'invisible'] as const;
