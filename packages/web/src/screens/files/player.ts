import { describeVoice } from '@sotto/keybox';
import { useEffect, useRef, useState } from 'react';
import type { FileSubject } from '../../app/downloads.ts';
import { useVaults } from '../../app/vaults.tsx';

export interface Player {
  readonly isFetching: boolean;
  readonly isPlaying: boolean;
  readonly atMilliseconds: number;
  readonly fault: Error | null;
  toggle(): void;
  seek(milliseconds: number): void;
}

/** Fetches a recording when it is to be heard first, and plays it if it is what a voice message has to be: Opus in Ogg. */
export function usePlayer(file: FileSubject, durationMilliseconds: number): Player {
  const { tools, newTask } = useVaults();
  const audio = useRef<HTMLAudioElement | null>(null);
  const [isFetching, setFetching] = useState(false);
  const [isPlaying, setPlaying] = useState(false);
  const [atMilliseconds, setAt] = useState(0);
  const [fault, setFault] = useState<Error | null>(null);
  useEffect(
    () => () => {
      audio.current?.pause();
      if (audio.current !== null) URL.revokeObjectURL(audio.current.src);
      audio.current = null;
    },
    [],
  );
  const fetched = async (): Promise<HTMLAudioElement> => {
    if (audio.current !== null) return audio.current;
    setFetching(true);
    const { room, id, version } = file;
    const content = await tools
      .readFile({ task: newTask(), room, file: id, version })
      .finally(() => setFetching(false));
    const bytes = new Uint8Array(await content.arrayBuffer());
    describeVoice(bytes);
    const player = new Audio(URL.createObjectURL(new Blob([bytes], { type: 'audio/ogg; codecs=opus' })));
    player.addEventListener('timeupdate', () => setAt(Math.min(durationMilliseconds, player.currentTime * 1000)));
    player.addEventListener('play', () => setPlaying(true));
    player.addEventListener('pause', () => setPlaying(false));
    player.addEventListener('ended', () => setAt(0));
    audio.current = player;
    return player;
  };
  const toggle = async (): Promise<void> => {
    setFault(null);
    try {
      const player = await fetched();
      if (player.paused) await player.play();
      else player.pause();
    } catch (cause) {
      setFault(cause instanceof Error ? cause : new Error(String(cause)));
    }
  };
  return {
    isFetching,
    isPlaying,
    atMilliseconds,
    fault,
    toggle: () => void toggle(),
    seek(milliseconds) {
      if (audio.current === null) return;
      audio.current.currentTime = milliseconds / 1000;
      setAt(milliseconds);
    },
  };
}
