import type { ListedKey } from '../../../src/console/contract/tokens.ts';
import { Badge } from '../../parts/badge.tsx';
import { End, LastUse, Scopes } from './cells.tsx';
import { RevokeKey } from './revoke-key.tsx';
import { TableHead } from '../../parts/table-head.tsx';

interface KeyTableProps {
  readonly keys: readonly ListedKey[];
  onChange(): Promise<void>;
}

/** Shows the keys, the gateway's own one first. */
export function KeyTable({ keys, onChange }: KeyTableProps) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Keys">
      <table class="keys-table card-table">
        <TableHead titles={['Name', 'Leads to', 'Limits', 'Ends', 'Last used']} hasActions />
        <tbody>
          {keys.map((key) => (
            <tr key={key.name}>
              <th scope="row">
                {key.name} {isOwn(key) && <Badge>the gateway’s own</Badge>}
              </th>
              <td class="keys-wide" data-label="Leads to">
                {isOwn(key) ? 'everything' : <Scopes scopes={key.scopes} />}
              </td>
              <td class="keys-wide" data-label="Limits">
                {describeLimits(key.limits)}
              </td>
              <td data-label="Ends">
                <End expires={key.expires} />
              </td>
              <td data-label="Last used">
                <LastUse time={key.last_used} userAgent={key.user_agent} />
              </td>
              <td>{!isOwn(key) && <RevokeKey name={key.name} onRevoked={onChange} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Returns true for the gateway's own token, which was never added. */
function isOwn({ created }: ListedKey): boolean {
  return created === null;
}

const UNITS = { turns: 'turns at once', requests: 'requests a minute', tokens: 'tokens a day' } as const;

function describeLimits(limits: ListedKey['limits']): string {
  const names = Object.keys(UNITS) as (keyof typeof UNITS)[];
  const set = names.filter((name) => limits[name] !== null);
  const parts = set.map((name) => `${limits[name]!.toLocaleString('en')} ${UNITS[name]}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}
