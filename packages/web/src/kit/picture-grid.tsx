import type { ComparedView } from '@sotto/keybox';
import type { JSX } from 'react';
import { Picture } from '../design/pictures/picture.tsx';
import { useLanguage } from '../text/language.tsx';
import styles from './picture-grid.module.css';

/** Pictures to compare with their words, four in a row on every screen, so that all see the same rows. */
export function PictureGrid({
  label,
  pictures,
}: Pick<ComparedView, 'pictures'> & { readonly label: string }): JSX.Element {
  const { locale } = useLanguage();
  return (
    <ol className={styles['grid']} aria-label={label}>
      {pictures.map(([english, german], at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a picture may come twice, and none ever moves
        <li key={at}>
          <Picture name={english} />
          <span lang={locale === 'de' ? 'de' : 'en'}>{locale === 'de' ? german : english}</span>
        </li>
      ))}
    </ol>
  );
}
