/** Characters of a `data:` URL that are shown. */
const SHOWN = 48;

/** Returns a text with its `data:` URLs cut short, for reading only. */
export function shortenData(text: string): string {
  return text.replaceAll(/(data:[\w/+.-]+;base64,)([\w+/=]{49,})/g, (_, head: string, data: string) => {
    const bytes = Math.round((data.length * 3) / 4);
    return `${head}${data.slice(0, SHOWN)}…(${bytes} bytes)`;
  });
}
