import { createContext, type JSX, lazy, type ReactNode, Suspense, useCallback, useMemo, useState } from 'react';
import { nameWarning } from '../screens/files/file-kind.ts';
import { Downloads, type DownloadView, type FileSubject } from './downloads.ts';
import { useCareFor, useGiven, useListed } from './transfers.ts';
import { useVaults } from './vaults.tsx';

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
  const downloads = useMemo(() => new Downloads(vaults), [vaults]);
  const [risky, setRisky] = useState<FileSubject | null>(null);
  useCareFor(downloads);
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
  return useGiven(DownloadsContext);
}

/** What this page downloads, or has downloaded: of one room. */
export function useDownloads(room: string): readonly DownloadView[] {
  return useListed(
    useDownloadDesk().downloads,
    useCallback(({ file }) => file.room === room, [room]),
  );
}

const DownloadsContext = createContext<DownloadDesk | null>(null);
