import { useNavigate } from '@tanstack/react-router';
import { type JSX, useState } from 'react';
import { Button } from '../../kit/button.tsx';
import { TextField } from '../../kit/field.tsx';
import { Notice } from '../../kit/notice.tsx';
import { useText } from '../../text/language.tsx';
import { GateForm } from '../gate/form.tsx';
import { linkOf } from '../gate/invitation-link.ts';
import { OtherServer } from './other-server.tsx';
import { text } from './text.ts';

/** Takes an invitation that came by another way than being opened. */
export function InvitationField(): JSX.Element {
  const words = useText(text).invited;
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [judged, setJudged] = useState<string | null>(null);
  const link = judged === null ? null : linkOf(judged);
  const submit = (): void => {
    const found = linkOf(typed);
    setJudged(typed);
    if (found?.origin !== location.origin) return;
    void navigate({ to: '/i/$code', params: { code: found.code }, hash: found.hash, search: true });
  };
  return (
    <GateForm onSubmit={submit} label={words.title}>
      <TextField
        label={words.label}
        hint={words.hint}
        value={typed}
        onChange={setTyped}
        error={judged !== null && link === null ? words.malformed : undefined}
        placeholder={`${location.origin}/i/…#ca=…`}
        autoComplete="off"
        spellCheck="false"
      />
      {link !== null && link.origin !== location.origin && <OtherServer link={link} />}
      <div>
        <Button type="submit">{words.go}</Button>
      </div>
      {typed !== '' && judged !== null && link === null && (
        <Notice tone="info" title={words.whole}>
          <p>{words.example}</p>
        </Notice>
      )}
    </GateForm>
  );
}
