import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChatgpt, type Chatgpt } from './chatgpt.ts';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from './gateway.ts';
import { createFolder } from './temporary-folder.ts';
import { say } from './upstream.ts';

export interface ChatgptGateway {
  readonly chatgpt: Chatgpt;
  readonly gateway: TestGateway;
  close(): Promise<void>;
}

/** A gateway whose Codex asks an emulated ChatGPT backend, with whatever login `prepare` leaves. */
export async function startChatgptGateway(prepare?: TestGatewayOptions['prepare']): Promise<ChatgptGateway> {
  const folder = createFolder();
  const chatgpt = await startChatgpt((response) => void say('Hello.')({} as never, response));
  const certificate = join(folder, 'certificate.pem');
  writeFileSync(certificate, chatgpt.certificate);
  const gateway = await startTestGateway({
    environment: { SSL_CERT_FILE: certificate },
    codexConfig: () =>
      `chatgpt_base_url = "${chatgpt.baseUrl}"\nopenai_base_url = "${chatgpt.baseUrl}codex"\n`,
    ...(prepare && { prepare }),
  });
  return {
    chatgpt,
    gateway,
    async close() {
      await gateway.close();
      await chatgpt.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
