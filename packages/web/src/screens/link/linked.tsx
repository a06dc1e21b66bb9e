import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { JSX } from 'react';
import { useEffect } from 'react';
import { useVaultState, useVaults } from '../../app/vaults.tsx';
import { Button } from '../../kit/button.tsx';
import { ProgressBar } from '../../kit/progress.tsx';
import { useText } from '../../text/language.tsx';
import { GatePage } from '../gate/gate-page.tsx';
import { text } from './text.ts';

/** This device is in: its history comes in the background, and nothing waits for it. */
export function Linked(): JSX.Element {
  const words = useText(text).linked;
  const { box } = useVaults();
  const state = useVaultState();
  const navigate = useNavigate();
  const isOpen = state.kind === 'open';
  const { data } = useQuery({
    queryKey: ['archive', 'status'],
    queryFn: () => box.archive.status(),
    refetchInterval: LOOK_MILLISECONDS,
    enabled: isOpen,
  });
  // It may have been locked in another tab meanwhile.
  useEffect(() => {
    if (state.kind === 'locked') void navigate({ to: '/welcome', search: true });
  }, [state.kind, navigate]);
  const isWhole = data !== undefined && data.entriesDone >= data.entries;
  return (
    <GatePage title={words.title} lead={words.lead}>
      <ProgressBar
        label={isWhole ? words.whole : words.history}
        done={data === undefined ? null : isWhole ? 1 : data.entriesDone}
        total={data === undefined ? null : isWhole ? 1 : data.entries}
      />
      <Button kind="primary" wide autoFocus onPress={() => void navigate({ to: '/rooms' })}>
        {words.go}
      </Button>
    </GatePage>
  );
}

const LOOK_MILLISECONDS = 1000;
