import type { TaskId } from '@sotto/keybox-web';
import { Download, FileQuestionMark, X } from 'lucide-react';
import { type JSX, useCallback, useEffect, useState } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import type { FileSubject } from '../../app/downloads.ts';
import { useDownloadDesk } from '../../app/downloads-provider.tsx';
import { useTaskEvents, useVaults } from '../../app/vaults.tsx';
import { Button, IconButton } from '../../kit/button.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { ProgressBar } from '../../kit/progress.tsx';
import type { PreviewKind, PreviewOrder, PreviewRefusal } from '../../preview/words.ts';
import { useLanguage, useText } from '../../text/language.tsx';
import { sizeText } from '../../text/measures.ts';
import { isShown, previewKindOf } from './file-kind.ts';
import { FileName } from './file-name.tsx';
import styles from './preview.module.css';
import { PreviewFrame } from './preview-frame.tsx';
import { text } from './preview-text.ts';

/** Shows one version of a file over the whole window. */
export function FilePreview({ file, onClose }: { readonly file: FileSubject; onClose(): void }): JSX.Element {
  const words = useText(text);
  const { format } = useLanguage();
  const { download } = useDownloadDesk();
  const kind = previewKindOf(file.name);
  return (
    <ModalOverlay className={styles['overlay'] ?? ''} isOpen onOpenChange={(open) => !open && onClose()} isDismissable>
      <Modal className={styles['modal'] ?? ''}>
        <Dialog className={styles['dialog'] ?? ''}>
          <header className={styles['header']}>
            <div className={styles['words']}>
              <Heading slot="title" level={2}>
                <FileName name={file.name} />
              </Heading>
              <span>{sizeText(file.sizeBytes, format)}</span>
            </div>
            <Button icon={<Download />} onPress={() => download(file)}>
              {words.download}
            </Button>
            <IconButton label={words.close} icon={<X />} onPress={onClose} />
          </header>
          <div className={styles['stage']}>
            {kind === null || !isShown(file) ? (
              <Unshown title={kind === null ? words.unknown : words.large}>{words.instead}</Unshown>
            ) : (
              <Stage file={file} kind={kind} onClose={onClose} />
            )}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

type Standing =
  | { readonly kind: 'fetching'; readonly done: number }
  | { readonly kind: 'showing'; readonly order: PreviewOrder; readonly isShown: boolean }
  | { readonly kind: 'refused'; readonly code: PreviewRefusal }
  | { readonly kind: 'failed'; readonly fault: Error };

function Stage({
  file,
  kind,
  onClose,
}: {
  readonly file: FileSubject;
  readonly kind: PreviewKind;
  onClose(): void;
}): JSX.Element {
  const words = useText(text);
  const [standing, hear] = useStanding(file, kind);
  if (standing.kind === 'failed') return <FaultNotice fault={standing.fault} />;
  if (standing.kind === 'refused') {
    return (
      <Unshown title={words.refused[standing.code]} code={standing.code}>
        {words.instead}
      </Unshown>
    );
  }
  const isWaiting = standing.kind === 'fetching' || !standing.isShown;
  return (
    <>
      {isWaiting && (
        <div className={styles['waiting']}>
          <ProgressBar
            label={standing.kind === 'fetching' ? words.fetching : words.drawing}
            done={standing.kind === 'fetching' ? standing.done : null}
            total={file.sizeBytes}
          />
        </div>
      )}
      {standing.kind === 'showing' && (
        <PreviewFrame
          order={standing.order}
          title={words.frame(file.name)}
          hear={(answer) => {
            if (answer.kind === 'escape') onClose();
            else hear(answer);
          }}
        />
      )}
    </>
  );
}

function useStanding(
  file: FileSubject,
  kind: PreviewKind,
): readonly [Standing, (answer: Parameters<Parameters<typeof PreviewFrame>[0]['hear']>[0]) => void] {
  const { tools, gate, newTask } = useVaults();
  const words = useText(text);
  const { format } = useLanguage();
  const [standing, setStanding] = useState<Standing>({ kind: 'fetching', done: 0 });
  const [task, setTask] = useState<TaskId | null>(null);
  const { room, id, version, name, mediaType } = file;
  const { page, cut, hidden } = words;
  useTaskEvents(
    task,
    useCallback((event) => {
      if (event.kind === 'progress') setStanding({ kind: 'fetching', done: event.done ?? 0 });
    }, []),
  );
  useEffect(() => {
    const own = newTask();
    let isWanted = true;
    setTask(own);
    setStanding({ kind: 'fetching', done: 0 });
    const read = async (): Promise<Standing> => {
      const content = await tools.readFile({ task: own, room, file: id, version });
      const facts = { kind, bytes: await content.arrayBuffer(), name, mediaType: playable(mediaType) };
      const order = { ...facts, theme: themeNow(), language: format, words: { page, cut, hidden } };
      return { kind: 'showing', order, isShown: false };
    };
    void read()
      .catch((cause): Standing => ({ kind: 'failed', fault: asError(cause) }))
      .then((next) => isWanted && setStanding(next));
    return () => {
      isWanted = false;
      void gate.cancel(own);
    };
  }, [tools, gate, newTask, room, id, version, name, mediaType, kind, format, page, cut, hidden]);
  return [
    standing,
    (answer) =>
      setStanding((now) => {
        if (answer.kind === 'silent') return { kind: 'refused', code: 'preview-too-slow' };
        if (answer.kind === 'refused') return { kind: 'refused', code: answer.code };
        return now.kind === 'showing' ? { ...now, isShown: true } : now;
      }),
  ];
}

function Unshown({
  title,
  code,
  children,
}: {
  readonly title: string;
  readonly code?: string;
  readonly children: string;
}): JSX.Element {
  return (
    <div role="status" className={styles['unshown']}>
      <EmptyState picture={<FileQuestionMark />} title={title}>
        <p>{children}</p>
        {code !== undefined && (
          <p>
            <code>{code}</code>
          </p>
        )}
      </EmptyState>
    </div>
  );
}

/** Of what an author says about a file only what a player needs. */
function playable(mediaType: string): string {
  return /^(?:audio|video)\/[\w.+-]{1,60}$/.test(mediaType) ? mediaType : '';
}

function themeNow(): 'light' | 'dark' {
  const chosen = document.documentElement.dataset['theme'];
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause));
}
