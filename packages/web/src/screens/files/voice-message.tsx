import type { MessageFileView } from '@sotto/keybox';
import { Pause, Play } from 'lucide-react';
import type { JSX } from 'react';
import type { FileSubject } from '../../app/downloads.ts';
import { IconButton } from '../../kit/button.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { useText } from '../../text/language.tsx';
import { clockText } from '../../text/measures.ts';
import styles from './file-message.module.css';
import { text } from './file-message-text.ts';
import { usePlayer } from './player.ts';

/** A recording that is heard at once; how it looks before it is fetched is what its author says. */
export function VoiceMessage({
  file,
  voice,
}: {
  readonly file: FileSubject;
  readonly voice: NonNullable<MessageFileView['voice']>;
}): JSX.Element {
  const words = useText(text);
  const { durationMilliseconds, waveform } = voice;
  const player = usePlayer(file, durationMilliseconds);
  const heard = (player.atMilliseconds / durationMilliseconds) * waveform.length;
  return (
    <div>
      <fieldset className={styles['voice']} aria-label={words.voice(clockText(durationMilliseconds))}>
        <IconButton
          kind="primary"
          label={player.isPlaying ? words.pause : words.play}
          icon={player.isPlaying ? <Pause /> : <Play />}
          isPending={player.isFetching}
          onPress={player.toggle}
        />
        <div className={styles['wave']}>
          {waveform.map((height, at) => (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: bars are their places.
              key={at}
              data-heard={at < heard || undefined}
              style={{ blockSize: `${(height / 255) * 100}%` }}
            />
          ))}
          <input
            type="range"
            aria-label={words.position}
            aria-valuetext={clockText(player.atMilliseconds)}
            min={0}
            max={durationMilliseconds}
            step={1000}
            value={player.atMilliseconds}
            onChange={({ target }) => player.seek(Number(target.value))}
          />
        </div>
        <span className={styles['clock']}>
          {clockText(player.atMilliseconds > 0 ? player.atMilliseconds : durationMilliseconds)}
        </span>
      </fieldset>
      {player.fault !== null && <FaultNotice fault={player.fault} />}
    </div>
  );
}
