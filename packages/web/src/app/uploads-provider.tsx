import {
  createContext,
  type JSX,
  lazy,
  type ReactNode,
  Suspense,
  useCallback,
  useEffect,
  useMemo,
  useState,
} from 'react';
import { type Offer, questionAbout } from '../screens/files/offer.ts';
import type { GivenFiles } from './given-files.ts';
import { useCareFor, useGiven, useListed } from './transfers.ts';
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
  return useGiven(UploadsContext);
}

/** The uploads of this page, of one room or all. */
export function useUploads(room?: string): readonly UploadView[] {
  return useListed(
    useUploadDesk().uploads,
    useCallback((upload) => room === undefined || upload.room === room, [room]),
  );
}

/** What happens around the uploads: progress, the server's coming and going, the lock, a page that is to be closed. */
function useCare(uploads: Uploads): void {
  const state = useVaultState();
  const isOnline = state.kind === 'open' && state.connection.online;
  useCareFor(uploads);
  useEffect(() => {
    if (isOnline) uploads.wake();
  }, [isOnline, uploads]);
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent): void => {
      if (uploads.list().some(({ state: each }) => each !== 'failed')) event.preventDefault();
    };
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [uploads]);
}

const UploadsContext = createContext<UploadDesk | null>(null);
