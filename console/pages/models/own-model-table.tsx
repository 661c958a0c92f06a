import type { OwnModel } from '../../../src/console/contract/models.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { TableHead } from '../../parts/table-head.tsx';

interface OwnModelTableProps {
  readonly entries: readonly OwnModel[];
  /** True if nothing can be changed. */
  readonly isLocked: boolean;
  onChange(entry: OwnModel): void;
  onRemove(entry: OwnModel): void;
}

/** Shows the entries of the config file. */
export function OwnModelTable({ entries, isLocked, onChange, onRemove }: OwnModelTableProps) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Your models">
      <table class="models-table card-table">
        <TableHead titles={['Id', 'Model', 'Settings', 'State', ...(isLocked ? [] : ['Change'])]} />
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <th scope="row" class="models-name">
                <code>{entry.id}</code>
              </th>
              <td data-label="Model">
                <code>{entry.model ?? entry.id}</code>
              </td>
              <td data-label="Settings">
                <Settings entry={entry} />
              </td>
              <td data-label="State">
                <StateBadge state={entry.state} />
              </td>
              {!isLocked && (
                <td>
                  <Buttons id={entry.id} onChange={() => onChange(entry)} onRemove={() => onRemove(entry)} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface ButtonsProps {
  readonly id: string;
  onChange(): void;
  onRemove(): void;
}

/** Shows what can be done to an entry. */
function Buttons({ id, onChange, onRemove }: ButtonsProps) {
  return (
    <span class="row models-buttons">
      <Button kind="quiet" label={`Change ${id}`} onClick={onChange}>
        Change
      </Button>
      <Button kind="danger" label={`Remove ${id}`} onClick={onRemove}>
        Remove
      </Button>
    </span>
  );
}

function StateBadge({ state }: { readonly state: OwnModel['state'] }) {
  if (state === 'in_force') return <Badge kind="good">in force</Badge>;
  return <Badge kind="warning">{state === 'restart' ? 'after a restart' : 'model in no list'}</Badge>;
}

/** Shows what an entry sets, in a line each. */
function Settings({ entry }: { readonly entry: OwnModel }) {
  const settings = [
    ['effort', entry.reasoning_effort],
    ['verbosity', entry.verbosity],
    ['tier', entry.service_tier],
    ['system', entry.system],
  ].filter(([, value]) => value !== null);
  if (settings.length === 0) return <span class="muted">none</span>;
  return (
    <>
      {settings.map(([name, value]) => (
        <div key={name} class="models-setting">
          <span class="muted">{name}</span> {value}
        </div>
      ))}
    </>
  );
}
