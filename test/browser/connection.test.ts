import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { makeCode, openBlank, useBrowser } from '../support/console/console-page.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway();
const browser = useBrowser();

/** A way to the gateway that can be cut and mended. */
async function startWire(port: number) {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {}).once('close', () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    cut();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, cut, mend: () => void (isCut = false) };
}

it('a connection that breaks off is seen, made again, and brings what was missed', async () => {
  const wire = await startWire(Number(new URL(gateway.running.origin).port));
  const { page } = await openBlank(browser);
  await page.goto(`${wire.origin}/#code=${await makeCode(gateway)}`);
  const state = page.locator('.connection');
  const alert = page.getByRole('alert').getByText('The connection to the gateway is lost. Trying again…');
  await expect.poll(() => state.innerText()).toBe('Live');
  await page.goto(`${wire.origin}/#/keys`);
  await page.getByRole('row', { name: /^main/ }).waitFor();

  wire.cut();
  await alert.waitFor();
  expect(await state.innerText()).toBe('No connection');
  const body = JSON.stringify({ name: 'made-meanwhile' });
  expect((await gateway.fetch('/console/tokens', { method: 'POST', body })).ok).toBe(true);

  wire.mend();
  // Coming back to the page asks at once, however long it has been lost.
  await page.evaluate("dispatchEvent(new Event('online'))");
  await page.getByRole('row', { name: /^made-meanwhile/ }).waitFor();
  await alert.waitFor({ state: 'detached' });
  expect(await state.innerText()).toBe('Live');
});

it('a page that cannot be loaded says so, and is loaded once the gateway is back', async () => {
  const wire = await startWire(Number(new URL(gateway.running.origin).port));
  const { page } = await openBlank(browser);
  await page.goto(`${wire.origin}/#code=${await makeCode(gateway)}`);
  await page.getByText('Default model').waitFor();
  await page.getByText(/checks (pass|have)/).waitFor();
  await page.getByText('running', { exact: true }).waitFor();
  wire.cut();
  await page.getByText('These figures are from before the connection was lost.').waitFor();
  expect(await page.getByText('running', { exact: true }).count()).toBe(0);
  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByText('This page cannot be loaded.').waitFor();
  expect(await page.getByRole('button', { name: 'Load the console again' }).isVisible()).toBe(true);
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByText('The checks come with the connection.').waitFor();
  expect(await page.getByRole('alert').count()).toBe(1);
  await page.getByRole('link', { name: 'Models' }).click();
  wire.mend();
  await page.evaluate("dispatchEvent(new Event('online'))");
  const context = page.getByRole('columnheader', { name: 'Context' });
  await context.waitFor();
  expect(await context.isVisible()).toBe(true);
});
