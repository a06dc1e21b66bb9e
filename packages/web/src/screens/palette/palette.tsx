import { Search } from 'lucide-react';
import { type JSX, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { Avatar } from '../../kit/avatar.tsx';
import { useText } from '../../text/language.tsx';
import styles from './palette.module.css';
import { text } from './text.ts';
import { type Find, useFinds } from './use-finds.tsx';

/** Finds rooms, people, actions and messages, and goes there: typing narrows, arrows walk, Enter takes. */
export function Palette({ onClose, onHelp }: { onClose(): void; onHelp(): void }): JSX.Element {
  const words = useText(text);
  return (
    <ModalOverlay className={styles['overlay'] ?? ''} isOpen isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className={styles['modal'] ?? ''}>
        <Dialog aria-label={words.title} className={styles['dialog'] ?? ''}>
          <Finder onClose={onClose} onHelp={onHelp} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Finder({ onClose, onHelp }: { onClose(): void; onHelp(): void }): JSX.Element {
  const words = useText(text);
  const [typed, setTyped] = useState('');
  const [chosen, setAt] = useState(0);
  const { finds, isSearching, isComplete } = useFinds(typed, onHelp);
  const at = Math.min(chosen, finds.length - 1);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`#find-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const take = (find: Find | undefined): void => {
    if (find === undefined) return;
    onClose();
    find.run();
  };
  const press = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && finds.length > 0) {
      event.preventDefault();
      setAt((at + step + finds.length) % finds.length);
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      take(finds[at]);
    }
  };
  return (
    <>
      <div className={styles['find']}>
        <Search aria-hidden="true" />
        <input
          // biome-ignore lint/a11y/noAutofocus: it was opened to type.
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls="finds"
          aria-autocomplete="list"
          aria-activedescendant={finds.length === 0 ? undefined : `find-${at}`}
          aria-label={words.placeholder}
          placeholder={words.placeholder}
          autoComplete="off"
          dir="auto"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onKeyDown={press}
        />
      </div>
      <div ref={list} id="finds" className={styles['list']} role="listbox" aria-label={words.results}>
        {KINDS.map((kind) => {
          const rows = finds.flatMap((find, i) => (find.kind === kind ? [{ find, i }] : []));
          if (rows.length === 0) return null;
          return (
            // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a listbox.
            <div key={kind} role="group" aria-label={words.kinds[kind]}>
              <div className={styles['kind']} aria-hidden="true">
                {words.kinds[kind]}
              </div>
              {rows.map(({ find, i }) => (
                <Row
                  key={find.key}
                  find={find}
                  at={i}
                  isChosen={i === at}
                  onPoint={() => setAt(i)}
                  onTake={() => take(find)}
                />
              ))}
            </div>
          );
        })}
      </div>
      <p className={styles['foot']} role="status">
        {finds.length === 0 && !isSearching
          ? words.none
          : isSearching
            ? words.searching
            : isComplete
              ? words.coverage
              : words.partly}
      </p>
    </>
  );
}

function Row(props: {
  readonly find: Find;
  readonly at: number;
  readonly isChosen: boolean;
  onPoint(): void;
  onTake(): void;
}): JSX.Element {
  const { find, at, isChosen, onPoint, onTake } = props;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the field above.
    <div
      id={`find-${at}`}
      className={styles['row']}
      role="option"
      aria-selected={isChosen}
      tabIndex={-1}
      onPointerMove={onPoint}
      onClick={onTake}
    >
      {find.kind === 'message' ? null : (find.icon ?? <Avatar name={find.title} size="s" />)}
      <span className={styles['words']}>
        <bdi className={styles['title']}>{find.marks.length === 0 ? find.title : <Marked find={find} />}</bdi>
        {find.detail !== '' && <bdi className={styles['detail']}>{find.detail}</bdi>}
      </span>
    </div>
  );
}

function Marked({ find: { title, marks } }: { readonly find: Find }): JSX.Element {
  const parts: JSX.Element[] = [];
  let done = 0;
  for (const [from, to] of marks) {
    parts.push(
      <span key={`${done}-`}>{title.slice(done, from)}</span>,
      <mark key={from}>{title.slice(from, to)}</mark>,
    );
    done = to;
  }
  return (
    <>
      {parts}
      {title.slice(done)}
    </>
  );
}

const KINDS = ['room', 'person', 'action', 'message'] as const;
