import type { AuditFilter } from './audit-filter.ts';

interface AuditFiltersProps {
  readonly filter: AuditFilter;
  readonly tools: readonly string[];
  readonly keys: readonly string[];
  onChange(filter: AuditFilter): void;
}

type Option = readonly [value: string, title: string];

const ASSISTANTS: readonly Option[] = [
  ['', 'All'],
  ['codex', 'Codex'],
  ['copilot', 'Copilot'],
  ['script', 'Script'],
];
const OUTCOMES: readonly Option[] = [
  ['all', 'All'],
  ['ok', 'Succeeded'],
  ['failed', 'Failed'],
  ['changes', 'Changes'],
];
const PERIODS: readonly Option[] = [
  ['', 'All'],
  ['hour', 'Last hour'],
  ['day', 'Last day'],
  ['week', 'Last week'],
];

/** Lets a person choose which calls to see. */
export function AuditFilters({ filter, tools, keys, onChange }: AuditFiltersProps) {
  const choose = (name: keyof AuditFilter) => (value: string) => onChange({ ...filter, [name]: value });
  return (
    <form class="tools-filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <Choice
        label="Tool"
        value={filter.tool}
        options={named(tools, filter.tool)}
        onChange={choose('tool')}
      />
      <Choice label="Key" value={filter.key} options={named(keys, filter.key)} onChange={choose('key')} />
      <Choice
        label="Assistant"
        value={filter.assistant}
        options={ASSISTANTS}
        onChange={choose('assistant')}
      />
      <Choice label="Outcome" value={filter.show} options={OUTCOMES} onChange={choose('show')} />
      <Choice label="Time" value={filter.period} options={PERIODS} onChange={choose('period')} />
    </form>
  );
}

/** Returns options for names; one that was chosen stays, also if it no longer occurs. */
function named(names: readonly string[], chosen: string): Option[] {
  const all = chosen === '' || names.includes(chosen) ? names : [chosen, ...names];
  return [['', 'All'], ...all.map((name): Option => [name, name])];
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly Option[];
  onChange(value: string): void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <label>
      <span class="field-label">{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map(([id, title]) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}
