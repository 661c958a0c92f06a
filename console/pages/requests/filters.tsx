import type { RequestFilter } from './filter.ts';

interface FiltersProps {
  readonly filter: RequestFilter;
  readonly models: readonly string[];
  readonly keys: readonly string[];
  onChange(filter: RequestFilter): void;
}

const SHOWN: readonly { readonly id: RequestFilter['show']; readonly title: string }[] = [
  { id: 'all', title: 'All' },
  { id: 'running', title: 'Running' },
  { id: 'failed', title: 'Failed' },
  { id: 'ok', title: 'Succeeded' },
];

/** Lets a person choose which requests to see. */
export function Filters({ filter, models, keys, onChange }: FiltersProps) {
  const change = (part: Partial<RequestFilter>) => onChange({ ...filter, ...part });
  return (
    <form class="requests-filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <label class="requests-search">
        <span class="field-label">Search</span>
        <input
          type="search"
          value={filter.search}
          placeholder="Path, model, client, error, id…"
          onInput={(event) => change({ search: event.currentTarget.value })}
        />
      </label>
      <label>
        <span class="field-label">Show</span>
        <select
          value={filter.show}
          onChange={(event) => change({ show: event.currentTarget.value as RequestFilter['show'] })}
        >
          {SHOWN.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <Choice label="Model" value={filter.model} names={models} onChange={(model) => change({ model })} />
      <Choice label="Key" value={filter.key} names={keys} onChange={(key) => change({ key })} />
    </form>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly names: readonly string[];
  onChange(name: string): void;
}

/** Shows a choice among names that occur; one that was chosen stays, also if it no longer occurs. */
function Choice({ label, value, names, onChange }: ChoiceProps) {
  const all = value === '' || names.includes(value) ? names : [value, ...names];
  return (
    <label>
      <span class="field-label">{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">All</option>
        {all.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
