import { askQuestion } from '../inquiries/ask.ts';
import { withGateway, type WithGatewayOptions } from '../inquiries/with-gateway.ts';

/** Runs one real, short turn. */
export async function checkAnswer(options: Omit<WithGatewayOptions, 'demo'>): Promise<string> {
  const { signal } = options;
  const start = performance.now();
  const response = await withGateway({ ...options, demo: false }, (address) =>
    askQuestion(
      { text: 'Answer with the word OK.', image: undefined, model: undefined, effort: undefined },
      { ...address, signal, onText: () => {} },
    ),
  );
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  return `${String(response.model)} answered after ${seconds} s`;
}
