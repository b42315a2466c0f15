/** A column of a table: its title, whether figures stand in it, and what its title means where that is not plain. */
export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
  readonly meaning?: string;
}

/** A column of words. */
export const textColumn = (title: string): Column => ({ title });

/** A column of figures, which stand at its end. */
export const numberColumn = (title: string, meaning?: string): Column =>
  meaning === undefined ? { title, isNumber: true } : { title, isNumber: true, meaning };

/** The head of a table. */
export function Columns({ of: columns }: { readonly of: readonly Column[] }) {
  return (
    <thead>
      <tr>
        {columns.map(({ title, isNumber = false, meaning }) => (
          <th key={title} scope="col" class={isNumber ? "number" : undefined} title={meaning}>
            {title}
          </th>
        ))}
      </tr>
    </thead>
  );
}
