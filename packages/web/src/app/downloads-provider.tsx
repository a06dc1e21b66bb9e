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
import { nameWarning } from '../screens/files/file-kind.ts';
import { Downloads, type DownloadView, type FileSubject } from './downloads.ts';
import { useVaultState, useVaults } from './vaults.tsx';

interface DownloadDesk {
  readonly downloads: Downloads;
  /** Saves a file on this computer, after a warning where its name gives reason for one. */
  download(file: FileSubject): void;
}

const RiskyDownload = lazy(() =>
  import('../screens/files/risky-download.tsx').then((module) => ({ default: module.RiskyDownload })),
);

/** Keeps the downloads of this page going, whatever screen is shown. */
export function DownloadsProvider({ children }: { readonly children: ReactNode }): JSX.Element {
  const vaults = useVaults();
  const isLocked = useVaultState().kind === 'locked';
  const downloads = useMemo(() => new Downloads(vaults), [vaults]);
  const [risky, setRisky] = useState<FileSubject | null>(null);
  useEffect(() => vaults.subscribe((event) => downloads.hear(event)), [vaults, downloads]);
  useEffect(() => {
    if (isLocked) downloads.clear();
  }, [isLocked, downloads]);
  const desk = useMemo(
    (): DownloadDesk => ({
      downloads,
      download(file) {
        if (nameWarning(file.name) === null) void downloads.start(file);
        else setRisky(file);
      },
    }),
    [downloads],
  );
  return (
    <DownloadsContext value={desk}>
      {children}
      {risky !== null && (
        <Suspense>
          <RiskyDownload
            name={risky.name}
            onAnswer={(isWanted) => {
              setRisky(null);
              if (isWanted) void downloads.start(risky);
            }}
          />
        </Suspense>
      )}
    </DownloadsContext>
  );
}

/** To save files with. */
export function useDownloadDesk(): DownloadDesk {
  const desk = useContext(DownloadsContext);
  if (desk === null) throw new TypeError('outside of the downloads');
  return desk;
}

/** What this page downloads, or has downloaded: of one room. */
export function useDownloads(room: string): readonly DownloadView[] {
  const { downloads } = useDownloadDesk();
  const all = useSyncExternalStore(
    useCallback((changed) => downloads.subscribe(changed), [downloads]),
    () => downloads.list(),
  );
  return useMemo(() => all.filter(({ file }) => file.room === room), [all, room]);
}

const DownloadsContext = createContext<DownloadDesk | null>(null);
