interface TableHeadProps {
  readonly titles: readonly string[];
  /** True if the last column has buttons, and a title for screen readers alone. */
  readonly hasActions?: boolean;
}

/** Shows the titles of a table's columns. */
export function TableHead({ titles, hasActions = false }: TableHeadProps) {
  return (
    <thead>
      <tr>
        {titles.map((title) => (
          <th key={title} scope="col">
            {title}
          </th>
        ))}
        {hasActions && (
          <th scope="col">
            <span class="visually-hidden">Actions</span>
          </th>
        )}
      </tr>
    </thead>
  );
}
