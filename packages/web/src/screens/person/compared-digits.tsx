import type { ComparisonView } from '@sotto/keybox';
import type { JSX } from 'react';
import { useText } from '../../text/language.tsx';
import { text } from './comparison-text.ts';
import styles from './person.module.css';

/** The 60-digit number of the pair, each half under whose it is. */
export function ComparedDigits({
  view: { own, theirs, first, digits },
}: {
  readonly view: ComparisonView;
}): JSX.Element {
  const words = useText(text);
  const groups = digits.split(' ');
  const sides = [
    { address: theirs.address, title: words.theirHalf },
    { address: own.address, title: words.yourHalf },
  ];
  const inOrder = first === 'theirs' ? sides : sides.toReversed();
  return (
    <>
      <p>{words.howDigits}</p>
      <div className={styles['halves']}>
        {inOrder.map(({ address, title }, at) => (
          <figure key={address} className={styles['half']}>
            <figcaption>
              <strong>{title}</strong>
              <bdi>{address}</bdi>
            </figcaption>
            <p className={styles['digits']} dir="ltr">
              {groups.slice(6 * at, 6 * at + 6).map((group, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: groups may be equal, and none ever moves
                <span key={i}>{group}</span>
              ))}
            </p>
          </figure>
        ))}
      </div>
    </>
  );
}
