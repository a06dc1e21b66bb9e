import type { TransferView } from '@sotto/keybox';
import { safeFileName } from '@sotto/protocol';
import { useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { FileTrigger } from 'react-aria-components';
import { unclaimed } from '../../app/upload-claims.ts';
import { useUploadDesk, useUploads } from '../../app/uploads-provider.tsx';
import { useVaults } from '../../app/vaults.tsx';
import { Button } from '../../kit/button.tsx';
import { Notice } from '../../kit/notice.tsx';
import { useLanguage, useText } from '../../text/language.tsx';
import { sizeText } from '../../text/measures.ts';
import { text } from './upload-text.ts';

/** Uploads that a closed page or a crash left unfinished: their files have to be chosen again. */
export function BrokenUploads({ room }: { readonly room: string }): JSX.Element {
  const { box } = useVaults();
  const uploads = useUploads(room);
  const { data: broken = [], refetch } = useQuery({
    queryKey: ['broken-uploads', room, uploads.map(({ id }) => id)],
    queryFn: async () => {
      const begun = await box.files.transfers();
      return unclaimed(begun.filter((each) => each.kind === 'upload' && each.room === room));
    },
  });
  return (
    <>
      {broken.map((each) => (
        <BrokenUpload key={each.id} transfer={each} onOver={() => void refetch()} />
      ))}
    </>
  );
}

function BrokenUpload({ transfer, onOver }: { readonly transfer: TransferView; onOver(): void }): JSX.Element {
  const words = useText(text).queue;
  const { format } = useLanguage();
  const { box } = useVaults();
  const { uploads } = useUploadDesk();
  const [isOther, setOther] = useState(false);
  const { id, room, name, doneBytes, sizeBytes } = transfer;
  const goOn = (content: File | undefined): void => {
    if (content === undefined) return;
    const isSame = content.size === sizeBytes && safeFileName(content.name) === name;
    setOther(!isSame);
    if (!isSame) return;
    uploads.add(room, [{ content, name }]);
    onOver();
  };
  return (
    <Notice
      tone="warning"
      title={words.broken(name)}
      actions={
        <>
          <FileTrigger onSelect={(files) => goOn(files?.[0])}>
            <Button kind="primary">{words.choose}</Button>
          </FileTrigger>
          <Button onPress={() => void box.files.cancel(id).then(onOver)}>{words.drop}</Button>
        </>
      }
    >
      <p>{words.again}</p>
      <p>{words.done(sizeText(doneBytes, format), sizeText(sizeBytes, format))}</p>
      {isOther && <p role="alert">{words.other}</p>}
    </Notice>
  );
}
