import type { JSX, ReactNode } from 'react';
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from 'react-aria-components';
import styles from './tabs.module.css';

export interface TabsProps<Key extends string> {
  readonly label: string;
  readonly selected: Key;
  readonly tabs: readonly { readonly key: Key; readonly label: ReactNode }[];
  onSelect(key: NoInfer<Key>): void;
  /** What the selected tab shows. */
  readonly children: ReactNode;
}

/** Some views of the same thing. */
export function Tabs<Key extends string>(props: TabsProps<Key>): JSX.Element {
  const { label, selected, tabs, onSelect, children } = props;
  return (
    <AriaTabs
      className={styles['tabs'] ?? ''}
      selectedKey={selected}
      onSelectionChange={(key) => onSelect(key as Key)}
      keyboardActivation="manual"
    >
      <TabList aria-label={label} className={styles['list'] ?? ''}>
        {tabs.map((tab) => (
          <Tab key={tab.key} id={tab.key} className={styles['tab'] ?? ''}>
            {tab.label}
          </Tab>
        ))}
      </TabList>
      {/* A panel keeps the id that it had first: each tab has its own. */}
      <TabPanel key={selected} id={selected} className={styles['panel'] ?? ''}>
        {children}
      </TabPanel>
    </AriaTabs>
  );
}
