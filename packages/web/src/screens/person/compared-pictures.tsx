import type { ComparedView, ComparisonView } from '@sotto/keybox';
import type { JSX } from 'react';
import { PictureGrid } from '../../kit/picture-grid.tsx';
import { useText } from '../../text/language.tsx';
import { text } from './comparison-text.ts';
import styles from './person.module.css';

/** Both halves as pictures with their words, in the order in which they stand on both screens. */
export function ComparedPictures({ view: { own, theirs, first } }: { readonly view: ComparisonView }): JSX.Element {
  const words = useText(text);
  const halves = [
    { side: theirs, title: words.theirs },
    { side: own, title: words.yours },
  ];
  return (
    <>
      <p>{words.howPictures(theirs.address)}</p>
      <div className={styles['halves']}>
        {(first === 'theirs' ? halves : halves.toReversed()).map(({ side, title }) => (
          <Half key={side.address} side={side} title={title} />
        ))}
      </div>
    </>
  );
}

function Half({
  side: { address, pictures },
  title,
}: {
  readonly side: ComparedView;
  readonly title: string;
}): JSX.Element {
  return (
    <figure className={styles['half']}>
      <figcaption>
        <strong>{title}</strong>
        <bdi>{address}</bdi>
      </figcaption>
      <PictureGrid label={`${title}: ${address}`} pictures={pictures} />
    </figure>
  );
}
