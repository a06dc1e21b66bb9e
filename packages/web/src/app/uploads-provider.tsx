import {
  createContext,
  type JSX,
  lazy,
  type ReactNode,
  Suspense,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { type Offer, questionAbout } from '../screens/files/offer.ts';
import type { GivenFiles } from './given-files.ts';
import { type NewUpload, Uploads, type UploadView } from './uploads.ts';
import { useVaultState, useVaults } from './vaults.tsx';

interface UploadDesk {
  readonly uploads: Uploads;
  /** Sends what a person gave to a room, after asking where one has to: about folders, many files, names that are taken. */
  offer(room: string, given: GivenFiles): void;
}

const UploadQuestion = lazy(() =>
  import('../screens/files/upload-question.tsx').then((module) => ({ default: module.UploadQuestion })),
);

/** Keeps the uploads of this page going, whatever screen is shown. */
export function UploadsProvider({ children }: { readonly children: ReactNode }): JSX.Element {
  const vaults = useVaults();
  const uploads = useMemo(() => new Uploads(vaults), [vaults]);
  const [offered, setOffered] = useState<Offer | null>(null);
  useCare(uploads);
  const offer = useCallback(
    async (room: string, given: GivenFiles): Promise<void> => {
      if (given.files.length === 0 && given.folders.length === 0) return;
      const known = await vaults.box.files.list(room);
      const question = questionAbout({ room, given, known });
      if (question === null)
        uploads.add(
          room,
          given.files.map((content) => ({ content })),
        );
      else setOffered(question);
    },
    [vaults, uploads],
  );
  const desk = useMemo(
    (): UploadDesk => ({ uploads, offer: (room, given) => void offer(room, given) }),
    [uploads, offer],
  );
  return (
    <UploadsContext value={desk}>
      {children}
      {offered !== null && (
        <Suspense>
          <UploadQuestion
            offer={offered}
            onAnswer={(files: readonly NewUpload[]) => {
              setOffered(null);
              uploads.add(offered.room, files);
            }}
          />
        </Suspense>
      )}
    </UploadsContext>
  );
}

/** To send files with. */
export function useUploadDesk(): UploadDesk {
  const desk = useContext(UploadsContext);
  if (desk === null) throw new TypeError('outside of the uploads');
  return desk;
}

/** The uploads of this page, of one room or all. */
export function useUploads(room?: string): readonly UploadView[] {
  const { uploads } = useUploadDesk();
  const all = useSyncExternalStore(
    useCallback((changed) => uploads.subscribe(changed), [uploads]),
    () => uploads.list(),
  );
  return useMemo(() => (room === undefined ? all : all.filter((each) => each.room === room)), [all, room]);
}

/** What happens around the uploads: progress, the server's coming and going, the lock, a page that is to be closed. */
function useCare(uploads: Uploads): void {
  const vaults = useVaults();
  const state = useVaultState();
  const isLocked = state.kind === 'locked';
  const isOnline = state.kind === 'open' && state.connection.online;
  useEffect(() => vaults.subscribe((event) => uploads.hear(event)), [vaults, uploads]);
  useEffect(() => {
    if (isLocked) uploads.clear();
    else if (isOnline) uploads.wake();
  }, [isLocked, isOnline, uploads]);
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent): void => {
      if (uploads.list().some(({ state: each }) => each !== 'failed')) event.preventDefault();
    };
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [uploads]);
}

const UploadsContext = createContext<UploadDesk | null>(null);
