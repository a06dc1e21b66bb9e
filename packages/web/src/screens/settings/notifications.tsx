import { type JSX, useState } from 'react';
import { setPreference, usePreferences } from '../../app/preferences.ts';
import { Switch } from '../../kit/choice.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page } from '../../kit/page.tsx';
import { defineText, useText } from '../../text/language.tsx';

/** Whether the system tells of new messages, and how much of them. */
export function Notifications(): JSX.Element {
  const words = useText(text);
  const { notifications, previews } = usePreferences();
  const [permission, setPermission] = useState(() =>
    'Notification' in globalThis ? Notification.permission : 'denied',
  );
  const isOn = notifications && permission === 'granted';
  const turn = async (isWanted: boolean): Promise<void> => {
    if (!isWanted) return setPreference('notifications', false);
    const answer = await Notification.requestPermission();
    setPermission(answer);
    setPreference('notifications', answer === 'granted');
  };
  return (
    <Page title={words.title} lead={words.lead} back="/settings/{-$part}">
      {permission === 'denied' && (
        <Notice tone="warning" title={words.denied}>
          <p>{words.deniedDetail}</p>
        </Notice>
      )}
      <Switch
        label={words.on}
        hint={words.onHint}
        isSelected={isOn}
        isDisabled={permission === 'denied'}
        onChange={(isWanted) => void turn(isWanted)}
      />
      <Switch
        label={words.previews}
        hint={words.previewsHint}
        isSelected={isOn && previews}
        isDisabled={!isOn}
        onChange={(isWanted) => setPreference('previews', isWanted)}
      />
    </Page>
  );
}

const text = defineText({
  en: {
    title: 'Notifications',
    lead: 'While Sotto is open in a tab that you do not look at. Your system shows them, and may keep them.',
    denied: 'This browser does not let Sotto notify you',
    deniedDetail: 'Allow notifications for this address in the settings of the browser.',
    on: 'Tell me of new messages',
    onHint: 'The browser asks you once.',
    previews: 'Show who wrote, and what',
    previewsHint: 'Off, a notification says only that something came. On, others may read it on your screen.',
  },
  de: {
    title: 'Benachrichtigungen',
    lead: 'Solange Sotto in einem Tab offen ist, den Sie nicht ansehen. Ihr System zeigt sie und bewahrt sie vielleicht auf.',
    denied: 'Dieser Browser lässt Sotto Sie nicht benachrichtigen',
    deniedDetail: 'Erlauben Sie Benachrichtigungen für diese Adresse in den Einstellungen des Browsers.',
    on: 'Neue Nachrichten melden',
    onHint: 'Der Browser fragt Sie einmal.',
    previews: 'Zeigen, wer schrieb und was',
    previewsHint:
      'Aus: Eine Benachrichtigung sagt nur, dass etwas kam. An: Andere können es auf Ihrem Bildschirm mitlesen.',
  },
});
