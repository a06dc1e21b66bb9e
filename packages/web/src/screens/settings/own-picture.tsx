import type { ProfileView } from '@sotto/keybox';
import { type JSX, useEffect, useState } from 'react';
import { FileTrigger } from 'react-aria-components';
import { useAct } from '../../app/asked.ts';
import { Avatar } from '../../kit/avatar.tsx';
import { Button } from '../../kit/button.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { useText } from '../../text/language.tsx';
import { text } from './own-profile-text.ts';
import styles from './settings.module.css';

/** The picture of this account: chosen, made small on this machine, removed. */
export function OwnPicture({ profile: { address, name, picture } }: { readonly profile: ProfileView }): JSX.Element {
  const words = useText(text);
  const save = useAct(({ box }, next: Uint8Array | null) => box.profile.set({ picture: next }), { said: words.saved });
  const [isReadable, setReadable] = useState(true);
  const choose = async (files: FileList | null): Promise<void> => {
    const [file] = files ?? [];
    if (file === undefined) return;
    const small = await smallPicture(file);
    setReadable(small !== null);
    if (small !== null) save.mutate(small);
  };
  return (
    <div className={styles['picture']}>
      {picture === null ? <Avatar name={name || address} size="l" /> : <Picture bytes={picture} />}
      <div className={styles['row']}>
        <FileTrigger acceptedFileTypes={['image/*']} onSelect={(files) => void choose(files)}>
          <Button isPending={save.isPending}>{words.choosePicture}</Button>
        </FileTrigger>
        {picture !== null && (
          <Button kind="quiet" isDisabled={save.isPending} onPress={() => save.mutate(null)}>
            {words.removePicture}
          </Button>
        )}
      </div>
      {!isReadable && <p role="alert">{words.unreadable}</p>}
      {save.error !== null && <FaultNotice fault={save.error} />}
    </div>
  );
}

function Picture({ bytes }: { readonly bytes: Uint8Array }): JSX.Element {
  const [url, setUrl] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes as BlobPart]));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes]);
  return <img src={url} alt="" className={styles['image']} />;
}

/** A square JPEG without anything that the camera wrote into the file; null for what is no picture. */
async function smallPicture(file: File): Promise<Uint8Array | null> {
  const image = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => null);
  if (image === null) return null;
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const least = Math.min(image.width, image.height);
  const [x, y] = [(image.width - least) / 2, (image.height - least) / 2];
  canvas.getContext('2d')?.drawImage(image, x, y, least, least, 0, 0, SIDE, SIDE);
  image.close();
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
  return new Uint8Array(await blob.arrayBuffer());
}

/** Pixels; such a picture stays far below the 64 KiB that a profile takes. */
const SIDE = 256;
