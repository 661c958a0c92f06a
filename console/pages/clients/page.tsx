import { useState } from 'preact/hooks';
import type { ClientSetUps } from '../../../src/console/contract/clients.ts';
import type { AddedKey } from '../../../src/console/contract/tokens.ts';
import type { PageProps } from '../../app/pages.ts';
import { linkTo } from '../../app/route.ts';
import { Field } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import './clients.css';
import { SetUp } from './set-up.tsx';

type Client = ClientSetUps['clients'][number];

/** Shows the lines that connect a client to this gateway. */
export function Page({ detail }: PageProps) {
  const [model, setModel] = useState('');
  // By client: one that is looked at again still has its key, which nothing else can show.
  const [made, setMade] = useState<Readonly<Record<string, AddedKey>>>({});
  const { value: setUps, problem } = useLoaded<ClientSetUps>(pathOf(model));
  if (problem !== '') return <Notice kind="error">{problem}</Notice>;
  if (setUps === undefined) return <p class="muted">Loading…</p>;
  const { clients } = setUps;
  const client = clients.find(({ id }) => id === detail) ?? clients[0]!;
  return (
    <div class="clients">
      <nav aria-label="Clients">
        <ClientList title="Libraries" of={clients} kind="library" current={client} />
        <ClientList title="Programs" of={clients} kind="program" current={client} />
      </nav>
      <section class="clients-detail" aria-labelledby="clients-title">
        <h2 id="clients-title">{client.title}</h2>
        <ModelField setUps={setUps} onChange={setModel} />
        <SetUp
          key={client.id}
          setUps={setUps}
          client={client}
          made={made[client.id]}
          onMade={(added) => setMade({ ...made, [client.id]: added })}
        />
      </section>
    </div>
  );
}

/** The address of this page without the slash at its end, by which this browser reaches the gateway. */
const ORIGIN = new URL('.', location.href.split('#')[0]).href.replace(/\/$/, '');

function pathOf(model: string): string {
  const query = new URLSearchParams({ origin: ORIGIN, ...(model !== '' && { model }) });
  return `console/clients?${query}`;
}

interface ClientListProps {
  readonly title: string;
  readonly of: readonly Client[];
  readonly kind: Client['kind'];
  readonly current: Client;
}

function ClientList({ title, of: clients, kind, current }: ClientListProps) {
  return (
    <div class="clients-group side-list">
      <h2>{title}</h2>
      <ul>
        {clients
          .filter((client) => client.kind === kind)
          .map((client) => (
            <li key={client.id}>
              <a
                href={linkTo('clients', client.id)}
                aria-current={client.id === current.id ? 'true' : undefined}
              >
                {client.title}
              </a>
            </li>
          ))}
      </ul>
    </div>
  );
}

interface ModelFieldProps {
  readonly setUps: ClientSetUps;
  onChange(model: string): void;
}

function ModelField({ setUps: { model, models }, onChange }: ModelFieldProps) {
  const all = models.includes(model) ? models : [model, ...models];
  return (
    <Field label="Model">
      <select value={model} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {all.map((id) => (
          <option key={id} value={id}>
            {id}
          </option>
        ))}
      </select>
    </Field>
  );
}
