import type { ContactView } from '@sotto/keybox';
import { type JSX, Suspense, useState } from 'react';
import { useAct } from '../../app/asked.ts';
import { Loading } from '../../app/loading.tsx';
import { Button } from '../../kit/button.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Section } from '../../kit/page.tsx';
import { useText } from '../../text/language.tsx';
import { Comparison } from './comparison.tsx';
import { text } from './comparison-text.ts';

/** Whether somebody was compared, and comparing them. */
export function Verification({ contact }: { readonly contact: ContactView }): JSX.Element {
  const words = useText(text);
  const { address, fingerprint, verified } = contact;
  const [isComparing, setComparing] = useState(false);
  const [hasDiffered, setDiffered] = useState(false);
  const undo = useAct(({ box }, who: ContactView['address']) => box.people.unverify(who), { said: words.undone });
  const end = (differed: boolean): void => {
    setComparing(false);
    setDiffered(differed);
  };
  return (
    <Section title={words.title} lead={verified ? undefined : words.lead}>
      {fingerprint === null && <Notice title={words.wait} />}
      {hasDiffered && !verified && (
        <Notice tone="security" title={words.differed} isAnswer>
          {words.differedWhat.split('\n').map((line) => (
            <p key={line}>{line}</p>
          ))}
        </Notice>
      )}
      {verified && (
        <Notice
          title={words.done}
          actions={
            <>
              {!isComparing && <Button onPress={() => setComparing(true)}>{words.again}</Button>}
              <Button kind="quiet" isPending={undo.isPending} onPress={() => undo.mutate(address)}>
                {words.undo}
              </Button>
            </>
          }
        >
          <p>{words.doneWhat}</p>
        </Notice>
      )}
      {undo.error !== null && <FaultNotice fault={undo.error} />}
      {fingerprint !== null && !verified && !isComparing && (
        <div>
          <Button kind="primary" onPress={() => setComparing(true)}>
            {words.begin}
          </Button>
        </div>
      )}
      {isComparing && (
        <Suspense fallback={<Loading />}>
          <Comparison address={address} onEnd={end} />
        </Suspense>
      )}
    </Section>
  );
}
