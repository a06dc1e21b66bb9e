import type { JSX } from 'react';

/** An address, apart from the words around it; where it has to break it does so before the server's name. */
export function Address({
  value,
  className,
}: {
  readonly value: string;
  readonly className?: string | undefined;
}): JSX.Element {
  const at = value.lastIndexOf('@');
  return (
    <bdi className={className}>
      {value.slice(0, Math.max(0, at))}
      {at > 0 && <wbr />}
      {value.slice(Math.max(0, at))}
    </bdi>
  );
}
