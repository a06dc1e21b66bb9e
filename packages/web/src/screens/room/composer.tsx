import type { MessageView } from '@sotto/keybox';
import { SendHorizontal } from 'lucide-react';
import {
  type ClipboardEvent,
  type JSX,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { carriesFiles, givenFiles } from '../../app/given-files.ts';
import { usePreferences } from '../../app/preferences.ts';
import { pressedShortcut } from '../../app/shortcuts.ts';
import { useUploadDesk } from '../../app/uploads-provider.tsx';
import { IconButton } from '../../kit/button.tsx';
import { useText } from '../../text/language.tsx';
import styles from './composer.module.css';
import { ComposerContext } from './composer-context.tsx';
import { composerText } from './composer-text.ts';
import { ComposerTools } from './composer-tools.tsx';
import { replaceRange, surround } from './editing.ts';
import { LengthNote, overLength } from './length-note.tsx';
import { MentionList, useMentions } from './mention-list.tsx';
import { useRoomDesk } from './room-context.tsx';

/** What is being written: something new, an answer, or another wording. */
export type Writing =
  | { readonly kind: 'new' }
  | { readonly kind: 'reply'; readonly message: MessageView }
  | { readonly kind: 'edit'; readonly message: MessageView };

export interface ComposerProps {
  readonly writing: Writing;
  readonly text: string;
  readonly placeholder?: string;
  readonly field: RefObject<HTMLTextAreaElement | null>;
  onText(text: string): void;
  onSend(text: string): void;
  /** Back to writing something new. */
  onCancel(): void;
  onEditLast(): void;
}

/** Where messages are written. Enter sends, unless somebody has chosen otherwise or has no keys to speak of. */
export function Composer(props: ComposerProps): JSX.Element {
  const { writing, text, field, onText, onSend, onCancel } = props;
  const words = useText(composerText);
  const { room } = useRoomDesk();
  const { offer } = useUploadDesk();
  const enterSends = useEnterSends();
  const listId = useId();
  const [caret, setCaret] = useState(0);
  const next = useRef<number | null>(null);
  useGrowing(field, text);
  useCaret(field, next, text);
  const insert = (from: number, to: number, piece: string): void => {
    const changed = replaceRange(text, { from, to, piece });
    next.current = changed.caret;
    onText(changed.text);
  };
  const mentions = useMentions({ text, caret, insert });
  const isReady = text.trim() !== '' && overLength(text) <= 0;
  const send = (): void => {
    if (isReady) onSend(text);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.nativeEvent.isComposing || mentions.press(event)) return;
    const { selectionStart: from, selectionEnd: to } = event.currentTarget;
    const id = pressedShortcut(event, 'composer');
    if (id === 'bold' || id === 'italic') {
      event.preventDefault();
      const marked = surround(text, { from, to, sign: id === 'bold' ? '**' : '*' });
      next.current = marked.caret;
      onText(marked.text);
    } else if (id === 'editLast' && text === '' && writing.kind === 'new') {
      event.preventDefault();
      props.onEditLast();
    } else if (event.key === 'Escape' && writing.kind !== 'new') {
      event.preventDefault();
      event.stopPropagation();
      onCancel();
    } else if (event.key === 'Enter' && isSending(event, enterSends)) {
      event.preventDefault();
      send();
    }
  };
  const onPaste = (event: ClipboardEvent): void => {
    if (!carriesFiles(event.clipboardData)) return;
    event.preventDefault();
    void givenFiles(event.clipboardData).then((given) => offer(room.id, given));
  };
  return (
    <div className={styles['composer']}>
      {writing.kind !== 'new' && <ComposerContext writing={writing} onCancel={onCancel} />}
      <div className={styles['row']}>
        <ComposerTools
          onFiles={(files) => offer(room.id, { files, folders: [] })}
          onSign={(sign) => insert(caret, caret, sign)}
        />
        <div className={styles['box']}>
          <MentionList id={listId} mentions={mentions} />
          <textarea
            ref={field}
            className={styles['field']}
            dir="auto"
            rows={1}
            value={text}
            aria-label={words.label(room.name)}
            aria-autocomplete="list"
            aria-controls={mentions.isOpen ? listId : undefined}
            aria-activedescendant={mentions.isOpen ? `${listId}-${mentions.at}` : undefined}
            placeholder={props.placeholder ?? words.placeholder}
            enterKeyHint={enterSends ? 'send' : 'enter'}
            onChange={(event) => {
              onText(event.target.value);
              setCaret(event.target.selectionEnd);
            }}
            onSelect={(event) => setCaret(event.currentTarget.selectionEnd)}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
          />
        </div>
        <IconButton
          kind="primary"
          label={writing.kind === 'edit' ? words.save : words.send}
          icon={<SendHorizontal />}
          isDisabled={!isReady}
          onPress={send}
        />
      </div>
      <LengthNote text={text} />
    </div>
  );
}

function isSending({ shiftKey, ctrlKey, metaKey }: KeyboardEvent, enterSends: boolean): boolean {
  return ctrlKey || metaKey || (enterSends && !shiftKey);
}

/** Keyboards on glass have no shift key to break a line with. */
function useEnterSends(): boolean {
  const { enterSends } = usePreferences();
  return enterSends && !matchMedia('(pointer: coarse)').matches;
}

function useGrowing(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: what stands in it says how high it is.
  useLayoutEffect(() => {
    const area = field.current;
    if (area === null) return;
    area.style.blockSize = 'auto';
    area.style.blockSize = `${area.scrollHeight + 2}px`;
  }, [field, text]);
}

/** Where the caret stands after what was inserted for somebody. */
function useCaret(field: RefObject<HTMLTextAreaElement | null>, next: RefObject<number | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text has to be there first.
  useEffect(() => {
    if (next.current === null) return;
    field.current?.focus();
    field.current?.setSelectionRange(next.current, next.current);
    next.current = null;
  }, [field, next, text]);
}
