import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readDocument, ROOT } from '../support/documents.ts';

// No test builds the image: that needs an engine for containers.
const IMAGE = readDocument('docs/container/Containerfile').text;
const COMPOSE = readDocument('docs/container/compose.yaml').text;

it('the image runs as a user that is not root, by a number that a cluster can check', () => {
  const [, user] = /^USER (\d+):\d+$/m.exec(IMAGE) ?? [];
  expect(Number(user)).toBeGreaterThan(0);
  // Nothing after it becomes root again.
  expect(IMAGE.match(/^USER /gm)).toHaveLength(1);
});

it('the image copies only files that exist', () => {
  const sources = [...IMAGE.matchAll(/^COPY (?!--from)(?:--chmod=\d+ )?(\S+) /gm)].map(([, path]) => path!);
  expect(sources).toContain('docs/container/config.json');
  expect(sources.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

it('the health of the image is that of the gateway on the port that it exposes', () => {
  const [, port] = /^EXPOSE (\d+)$/m.exec(IMAGE) ?? [];
  const [, command] = /^HEALTHCHECK .*\\\n\s*CMD (\[.*\])$/m.exec(IMAGE) ?? [];
  const [program, flag, code] = JSON.parse(command!) as string[];
  expect([program, flag]).toEqual(['node', '-e']);
  expect(code).toContain(`http://127.0.0.1:${port}/healthz`);
});

it('the image keeps the data of the gateway in volumes, since its root can be read-only', () => {
  const volumes = JSON.parse(/^VOLUME (\[.*\])$/m.exec(IMAGE)![1]!) as string[];
  for (const name of ['XDG_STATE_HOME', 'CODEX_HOME']) {
    expect(volumes).toContain(new RegExp(`${name}=(\\S+)`).exec(IMAGE)?.[1]);
  }
});

it('the compose file takes away what the gateway does not need, and publishes it to its own machine only', () => {
  expect(COMPOSE).toMatch(/^ {4}read_only: true$/m);
  expect(COMPOSE).toMatch(/^ {4}cap_drop: \[ALL\]$/m);
  expect(COMPOSE).toMatch(/no-new-privileges:true/);
  expect(COMPOSE).toMatch(/^ {4}ports: \['127\.0\.0\.1:8000:8000'\]$/m);
});

it('every container of the compose file has the same host name, by which it knows what an earlier one has left', () => {
  expect(COMPOSE).toMatch(/^ {4}hostname: [a-z-]+$/m);
});
