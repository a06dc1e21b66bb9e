import { CaseSensitive, Paperclip, SmilePlus } from 'lucide-react';
import { type JSX, lazy, Suspense, useRef, useState } from 'react';
import { Popover as AriaPopover, Dialog, DialogTrigger } from 'react-aria-components';
import { setPreference, usePreferences } from '../../app/preferences.ts';
import { useShortcut } from '../../app/shortcut-keys.tsx';
import { ariaKeys } from '../../app/shortcuts.ts';
import { IconButton } from '../../kit/button.tsx';
import { Switch } from '../../kit/choice.tsx';
import overlay from '../../kit/overlay.module.css';
import { Popover } from '../../kit/popover.tsx';
import { useText } from '../../text/language.tsx';
import styles from './composer.module.css';
import { composerText } from './composer-text.ts';

/** What else can go into a message: files, signs, and how text is formatted. */
export function ComposerTools(props: {
  onFiles(files: readonly File[]): void;
  onSign(sign: string): void;
}): JSX.Element {
  const words = useText(composerText);
  const picker = useRef<HTMLInputElement>(null);
  useShortcut('upload', () => picker.current?.click());
  return (
    <div className={styles['tools']}>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-label={words.attach}
        onChange={(event) => {
          props.onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      <IconButton
        label={words.attach}
        icon={<Paperclip />}
        aria-keyshortcuts={ariaKeys('upload')}
        onPress={() => picker.current?.click()}
      />
      <SignButton label={words.emoji} onSign={props.onSign} />
      <span className={styles['wideOnly']}>
        <Popover label={words.format} trigger={<IconButton label={words.format} icon={<CaseSensitive />} />}>
          <Formats />
        </Popover>
      </span>
    </div>
  );
}

function Formats(): JSX.Element {
  const words = useText(composerText);
  const { enterSends } = usePreferences();
  return (
    <>
      <ul className={styles['formats']}>
        {Object.values(words.formats).map((each) => (
          <li key={each}>
            <code>{each}</code>
          </li>
        ))}
      </ul>
      <Switch
        label={words.enter}
        hint={words.enterHint}
        isSelected={enterSends}
        onChange={(chosen) => setPreference('enterSends', chosen)}
      />
    </>
  );
}

function SignButton({ label, onSign }: { readonly label: string; onSign(sign: string): void }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <IconButton label={label} icon={<SmilePlus />} />
      <AriaPopover className={overlay['overlay'] ?? ''} offset={4}>
        <Dialog aria-label={label} className={styles['picker'] ?? ''}>
          <Suspense>
            <EmojiPicker
              onChoose={(sign) => {
                setOpen(false);
                onSign(sign);
              }}
            />
          </Suspense>
        </Dialog>
      </AriaPopover>
    </DialogTrigger>
  );
}

const EmojiPicker = lazy(async () => ({ default: (await import('../emoji/emoji-picker.tsx')).EmojiPicker }));
