import { z } from 'zod';
import { formatForPeople } from '../log/format-for-people.ts';

const LEVELS = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' } as const;

const fact = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const lineSchema = z
  .object({ level: z.literal([20, 30, 40, 50]), time: z.iso.datetime(), msg: z.string() })
  .catchall(fact);

/** Formats a line of a log in JSON for people; any other line, such as one of a crash, is returned unchanged. */
export function formatLogLine(text: string): string {
  const line = parseLine(text);
  if (line === undefined) return text;
  const { level, time, msg: message, ...fields } = line;
  const date = new Date(time);
  const words = formatForPeople({ level: LEVELS[level], time: date, message, fields });
  return `${formatDay(date)} ${words.trimEnd()}`;
}

function parseLine(text: string): z.output<typeof lineSchema> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return lineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Formats a day in the local time zone, as the time in a line is. */
function formatDay(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
