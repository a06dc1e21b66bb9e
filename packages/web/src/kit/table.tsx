import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import { type JSX, type ReactNode, useMemo, useState } from 'react';
import { useLanguage } from '../text/language.tsx';
import styles from './table.module.css';

export interface Column<Row> {
  readonly key: string;
  readonly label: string;
  /** What stands in the cell. */
  cell(row: Row): ReactNode;
  /** What rows are sorted by; a column without it cannot be sorted. */
  readonly by?: (row: Row) => string | number;
  /** Numbers: to the end of the cell. */
  readonly isNumber?: boolean;
  /** The head of the row: what the other cells are about. */
  readonly isHead?: boolean;
  /** Buttons and menus: on narrow screens without its label. */
  readonly isActions?: boolean;
}

export interface TableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  keyOf(row: Row): string | number;
  /** Column and direction at first; by default the order of the rows. */
  readonly sort?: Sort;
}

interface Sort {
  readonly column: string;
  readonly isDown: boolean;
}

/** Rows and columns, sortable; on narrow screens each row is a card with the labels beside the values. */
export function Table<Row>({ label, columns, rows, keyOf, sort }: TableProps<Row>): JSX.Element {
  const [sorted, setSorted] = useState<Sort | null>(sort ?? null);
  const shown = useSorted(rows, columns, sorted);
  return (
    <div className={styles['frame']}>
      <table className={styles['table']} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <ColumnHead key={column.key} column={column} sorted={sorted} onSort={setSorted} />
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column) => (
                <Cell key={column.key} column={column}>
                  {column.cell(row)}
                </Cell>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell<Row>({ column, children }: { readonly column: Column<Row>; readonly children: ReactNode }): JSX.Element {
  const { label, isHead = false, isNumber = false, isActions = false } = column;
  const marks = {
    'data-label': isActions ? undefined : label,
    'data-number': isNumber || undefined,
    'data-actions': isActions || undefined,
  };
  return isHead ? (
    <th scope="row" {...marks}>
      <div>{children}</div>
    </th>
  ) : (
    <td {...marks}>
      <div>{children}</div>
    </td>
  );
}

function ColumnHead<Row>({
  column: { key, label, by, isNumber = false, isActions = false },
  sorted,
  onSort,
}: {
  readonly column: Column<Row>;
  readonly sorted: Sort | null;
  readonly onSort: (sort: Sort) => void;
}): JSX.Element {
  const isSorted = sorted?.column === key;
  const isDown = isSorted && sorted.isDown;
  return (
    <th scope="col" aria-sort={ariaSort(isSorted, isDown)} data-number={isNumber || undefined}>
      {by === undefined ? (
        <span className={isActions ? styles['hidden'] : undefined}>{label}</span>
      ) : (
        <button type="button" onClick={() => onSort({ column: key, isDown: isSorted && !isDown })}>
          {label}
          <SortIcon isSorted={isSorted} isDown={isDown} />
        </button>
      )}
    </th>
  );
}

function SortIcon({ isSorted, isDown }: { readonly isSorted: boolean; readonly isDown: boolean }): JSX.Element {
  if (!isSorted) return <ChevronsUpDown aria-hidden="true" />;
  return isDown ? <ArrowDown aria-hidden="true" /> : <ArrowUp aria-hidden="true" />;
}

function ariaSort(isSorted: boolean, isDown: boolean): 'ascending' | 'descending' | undefined {
  if (!isSorted) return undefined;
  return isDown ? 'descending' : 'ascending';
}

function useSorted<Row>(rows: readonly Row[], columns: readonly Column<Row>[], sort: Sort | null): readonly Row[] {
  const { format } = useLanguage();
  return useMemo(() => {
    const by = columns.find(({ key }) => key === sort?.column)?.by;
    if (by === undefined || sort === null) return rows;
    const { compare } = new Intl.Collator(format, { numeric: true });
    const way = sort.isDown ? -1 : 1;
    return rows.toSorted((left, right) => {
      const [a, b] = [by(left), by(right)];
      return way * (typeof a === 'number' && typeof b === 'number' ? a - b : compare(String(a), String(b)));
    });
  }, [rows, columns, sort, format]);
}
