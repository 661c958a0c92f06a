/** The facts that a client's configuration needs. */
export interface ClientFacts {
  /** `http://127.0.0.1:8000` */
  readonly origin: string;
  readonly token: string;
  readonly model: string;
}

/** A program or library that can be connected to the gateway. */
export interface Client {
  /** Its name in the lists of the README and the console. */
  readonly title: string;
  readonly kind: 'library' | 'program';
  /** A comment that is printed above the lines if there are several clients. */
  readonly heading: string;
  /** Heading of its section in `docs/clients.md`, as the end of a link. */
  readonly section: string;
  /** A sentence that says where the lines belong. */
  readonly place: string;
  /** Writes its configuration: a complete file or paste. */
  write(facts: ClientFacts): string[];
}

/** Quotes a text as a JSON string, which is also a valid string in Python, JavaScript, TOML and YAML. */
export const quote = (text: string) => JSON.stringify(text);
