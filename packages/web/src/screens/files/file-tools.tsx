import { LayoutGrid, List, Search } from 'lucide-react';
import type { JSX } from 'react';
import { Input, TextField, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import field from '../../kit/field.module.css';
import { Select } from '../../kit/select.tsx';
import { useText } from '../../text/language.tsx';
import { type FileOrder, fileOrders } from './file-order.ts';
import styles from './files.module.css';
import { text } from './text.ts';

export interface FileToolsProps {
  readonly look: 'list' | 'grid';
  readonly order: FileOrder;
  readonly wanted: string;
  onLook(look: 'list' | 'grid'): void;
  onOrder(order: FileOrder): void;
  onWanted(wanted: string): void;
}

/** How the files of a room are shown: which, in what order, as rows or cards. */
export function FileTools({ look, order, wanted, onLook, onOrder, onWanted }: FileToolsProps): JSX.Element {
  const words = useText(text);
  return (
    <div className={styles['tools']}>
      <TextField
        aria-label={words.find}
        value={wanted}
        onChange={onWanted}
        className={styles['find'] ?? ''}
        type="search"
      >
        <Search aria-hidden="true" />
        <Input className={field['input'] ?? ''} placeholder={words.findHint} dir="auto" />
      </TextField>
      <Select
        label={words.sort.label}
        value={order}
        options={fileOrders.map((value) => ({ value, label: words.sort[value] }))}
        onChange={onOrder}
      />
      <ToggleButtonGroup
        aria-label={words.look.label}
        className={styles['look'] ?? ''}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[look]}
        onSelectionChange={([chosen]) => onLook(chosen === 'grid' ? 'grid' : 'list')}
      >
        <ToggleButton id="list" aria-label={words.look.list}>
          <List aria-hidden="true" />
        </ToggleButton>
        <ToggleButton id="grid" aria-label={words.look.grid}>
          <LayoutGrid aria-hidden="true" />
        </ToggleButton>
      </ToggleButtonGroup>
    </div>
  );
}
