/** Where the commands print to. */
export interface Terminal {
  print(text: string): void;
  complain(text: string): void;
}

export const consoleTerminal: Terminal = {
  print: (text) => console.log(text),
  complain: (text) => console.error(text),
};
