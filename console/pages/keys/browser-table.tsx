import type { ListedKey } from '../../../src/console/contract/tokens.ts';
import { formatMoment } from '../../format/format-time.ts';
import { Badge } from '../../parts/badge.tsx';
import { End, LastUse, Scopes } from './cells.tsx';
import { RevokeKey } from './revoke-key.tsx';
import { TableHead } from '../../parts/table-head.tsx';

interface BrowserTableProps {
  readonly browsers: readonly ListedKey[];
  onChange(): Promise<void>;
}

/** Shows the browsers that are signed in. */
export function BrowserTable({ browsers, onChange }: BrowserTableProps) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Browsers">
      <table class="keys-table card-table">
        <TableHead
          titles={['Browser', 'Signed in', 'With the key', 'Leads to', 'Ends', 'Last used']}
          hasActions
        />
        <tbody>
          {browsers.map(({ browser, ...key }) => (
            <tr key={key.name}>
              <th scope="row">
                {key.name} {browser?.is_this && <Badge kind="good">this browser</Badge>}
              </th>
              <td data-label="Signed in">{key.created !== null && formatMoment(key.created)}</td>
              <td data-label="With the key">{browser?.owner ?? 'a revoked one'}</td>
              <td class="keys-wide" data-label="Leads to">
                {browser?.read_only ? <Badge>read only</Badge> : null} <Scopes scopes={key.scopes} />
              </td>
              <td data-label="Ends">
                <End expires={key.expires} />
              </td>
              <td data-label="Last used">
                <LastUse time={key.last_used} userAgent={key.user_agent} />
              </td>
              <td>
                <RevokeKey name={key.name} isBrowser isThis={browser?.is_this} onRevoked={onChange} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
