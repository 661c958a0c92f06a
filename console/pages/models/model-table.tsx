import { useState } from 'preact/hooks';
import type { ConsoleModel } from '../../../src/console/contract/models.ts';
import { formatCount } from '../../format/format-number.ts';
import { Badge } from '../../parts/badge.tsx';
import { TableHead } from '../../parts/table-head.tsx';

interface ModelTableProps {
  readonly models: readonly ConsoleModel[];
}

/** Shows models with what each can do. Hidden ones are shown on demand. */
export function ModelTable({ models }: ModelTableProps) {
  const [showsHidden, setShowsHidden] = useState(false);
  const hidden = models.filter((model) => model.is_hidden).length;
  const shown = models.filter((model) => showsHidden || !model.is_hidden);
  return (
    <>
      <div class="table-scroll" tabIndex={0} role="region" aria-label="Models">
        <table class="models-table card-table">
          <TableHead titles={['Model', 'Context', 'Efforts', 'Input', 'Service tiers', 'From']} />
          <tbody>
            {shown.map((model) => (
              <ModelRow key={model.id} model={model} />
            ))}
          </tbody>
        </table>
      </div>
      {hidden > 0 && (
        <label class="models-hidden">
          <input
            type="checkbox"
            checked={showsHidden}
            onChange={(event) => setShowsHidden(event.currentTarget.checked)}
          />{' '}
          Show {hidden} hidden {hidden === 1 ? 'model' : 'models'}, which work but are in no list
        </label>
      )}
    </>
  );
}

function ModelRow({ model }: { readonly model: ConsoleModel }) {
  const { id, alias_of: target, context_length: context } = model;
  return (
    <tr>
      <th scope="row" class="models-name">
        <code>{id}</code> {model.is_default && <Badge kind="good">default</Badge>}{' '}
        {model.is_hidden && <Badge>hidden</Badge>}
        {target !== null && (
          <div class="muted">
            alias of <code>{target}</code>
          </div>
        )}
      </th>
      <td data-label="Context">{context === null ? <Unknown /> : `${formatCount(context)} tokens`}</td>
      <td data-label="Efforts">
        <Efforts model={model} />
      </td>
      <td data-label="Input">
        {[...model.input_modalities, ...(model.web_search ? ['web search'] : [])].join(', ') || <Unknown />}
      </td>
      <td data-label="Service tiers">
        {model.service_tiers === null ? <Unknown /> : model.service_tiers.join(', ') || 'only the usual one'}
      </td>
      <td data-label="From">{model.owned_by}</td>
    </tr>
  );
}

/** Shows the efforts of a model, and which of them applies to a request that names none. */
function Efforts({ model }: { readonly model: ConsoleModel }) {
  const { reasoning_efforts: efforts, default_reasoning_effort: usual } = model;
  if (efforts === null) return usual === null ? <Unknown /> : <>{usual} unless a request names another</>;
  if (efforts.length === 0) return <>does not reason</>;
  return (
    <>
      {efforts.join(', ')}
      {usual !== null && <div class="muted">{usual} unless a request names another</div>}
    </>
  );
}

function Unknown() {
  return <span class="muted">unknown</span>;
}
