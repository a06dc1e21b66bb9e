import { ScanLine } from 'lucide-react';
import { type JSX, useEffect, useId, useRef, useState } from 'react';
import { defineText, useText } from '../text/language.tsx';
import { Button } from './button.tsx';
import styles from './code-scanner.module.css';
import { TextField } from './field.tsx';
import { Notice } from './notice.tsx';
import { codeInImage, codeOnCamera } from './read-code.ts';

/** Takes a QR code: by the camera, from a picture of it, or as its text. */
export function CodeScanner({
  label,
  isPending = false,
  onCode,
}: {
  /** What is asked for, in words. */
  readonly label: string;
  readonly isPending?: boolean;
  onCode(code: string): void;
}): JSX.Element {
  const words = useText(text);
  const [isLooking, setLooking] = useState(false);
  const [problem, setProblem] = useState<'camera' | 'picture' | null>(null);
  const [typed, setTyped] = useState('');
  return (
    <div className={styles['scanner']}>
      {isLooking ? (
        <Camera
          onCode={(code) => {
            setLooking(false);
            onCode(code);
          }}
          onProblem={() => {
            setLooking(false);
            setProblem('camera');
          }}
          onStop={() => setLooking(false)}
        />
      ) : (
        <div className={styles['ways']}>
          <Button icon={<ScanLine />} isPending={isPending} onPress={() => setLooking(true)}>
            {words.scan}
          </Button>
          <PictureOfCode onCode={onCode} onProblem={() => setProblem('picture')} />
        </div>
      )}
      {problem !== null && <Notice tone="warning" title={words[problem]} isAnswer />}
      <form
        className={styles['typed']}
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() !== '') onCode(typed);
        }}
      >
        <TextField label={label} value={typed} onChange={setTyped} autoComplete="off" />
        <Button type="submit" isDisabled={typed.trim() === ''} isPending={isPending}>
          {words.take}
        </Button>
      </form>
    </div>
  );
}

interface CameraProps {
  onCode(code: string): void;
  onProblem(): void;
  onStop(): void;
}

function Camera(props: CameraProps): JSX.Element {
  const words = useText(text);
  const video = useRef<HTMLVideoElement>(null);
  const told = useRef(props);
  told.current = props;
  useEffect(() => {
    const stopped = new AbortController();
    codeOnCamera(video.current as HTMLVideoElement, stopped.signal).then(
      (code) => code !== null && told.current.onCode(code),
      () => told.current.onProblem(),
    );
    return () => stopped.abort();
  }, []);
  return (
    <div className={styles['camera']}>
      <video ref={video} muted playsInline aria-label={words.looking} />
      <Button onPress={props.onStop}>{words.stop}</Button>
    </div>
  );
}

function PictureOfCode({ onCode, onProblem }: Omit<CameraProps, 'onStop'>): JSX.Element {
  const words = useText(text);
  const id = useId();
  const read = async (file: File): Promise<void> => {
    const code = await codeInImage(file).catch(() => null);
    if (code === null) onProblem();
    else onCode(code);
  };
  return (
    <span className={styles['picture']}>
      <input
        id={id}
        type="file"
        accept="image/*"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file !== undefined) void read(file);
          target.value = '';
        }}
      />
      <label htmlFor={id}>{words.fromPicture}</label>
    </span>
  );
}

const text = defineText({
  en: {
    scan: 'Scan with the camera',
    fromPicture: 'From a picture',
    picture: 'No code was found in this picture',
    looking: 'What the camera sees',
    stop: 'Stop',
    take: 'Use',
    camera: 'The camera cannot be used. Allow it for this page, or paste what the code says.',
  },
  de: {
    scan: 'Mit der Kamera scannen',
    fromPicture: 'Aus einem Bild',
    picture: 'In diesem Bild ist kein Code zu finden',
    looking: 'Was die Kamera sieht',
    stop: 'Anhalten',
    take: 'Übernehmen',
    camera:
      'Die Kamera lässt sich nicht benutzen. Erlauben Sie sie für diese Seite, oder fügen Sie den Inhalt des Codes ein.',
  },
});
