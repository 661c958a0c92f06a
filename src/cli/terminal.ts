/** Where the commands print to. */
export interface Terminal {
  print(text: string): void;
  complain(text: string): void;
  /** One line that the next one replaces, and nothing ends; shown only where somebody watches. */
  progress(text: string): void;
}

export const consoleTerminal: Terminal = {
  print: (text) => console.log(text),
  complain: (text) => console.error(text),
  progress(text) {
    // To the line's beginning, and it is cleared.
    const { isTTY, columns } = process.stderr;
    if (isTTY) process.stderr.write(`\r\u001B[2K${text.slice(0, columns - 1)}`);
  },
};
