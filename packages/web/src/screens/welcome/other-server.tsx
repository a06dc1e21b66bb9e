import type { JSX } from 'react';
import { Notice } from '../../kit/notice.tsx';
import { useText } from '../../text/language.tsx';
import type { InvitationLinkParts } from '../gate/invitation-link.ts';
import { text } from './text.ts';

/** An invitation of another server is opened there: this page speaks to its own alone. */
export function OtherServer({ link }: { readonly link: InvitationLinkParts }): JSX.Element {
  const words = useText(text).other;
  return (
    <Notice tone="warning" title={words.title} isAnswer>
      <p>{words.advice}</p>
      <p>
        <a href={`${link.origin}/i/${link.code}#${link.hash}`} rel="noopener noreferrer" target="_blank">
          <bdi>{link.origin}</bdi>
        </a>
      </p>
      <p>
        <code>other-server</code>
      </p>
    </Notice>
  );
}
