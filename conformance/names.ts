// Identifiers that differ from run to run, under names that do not.

/** Shorter values are counts and the like, which stand for themselves. */
const MIN_MASKED_LENGTH = 8;

export class Names {
  readonly #byName = new Map<string, string>();
  /** Every value that ever had a name; longest first when it is used. */
  readonly #byValue = new Map<string, string>();

  set(name: string, value: string): void {
    this.#byName.set(name, value);
    if (value.length >= MIN_MASKED_LENGTH && !this.#byValue.has(value)) this.#byValue.set(value, `<${name}>`);
  }

  /** name-0, name-1, … */
  list(name: string): string[] {
    const values: string[] = [];
    for (
      let value = this.#byName.get(`${name}-0`);
      value !== undefined;
      value = this.#byName.get(`${name}-${values.length}`)
    ) {
      values.push(value);
    }
    return values;
  }

  /** "{job}" → its value. @throws when there is none */
  fill(text: string): string {
    return text.replace(/\{([a-z][a-z\d-]*)\}/g, (_whole, name: string) => {
      const value = this.#byName.get(name);
      if (value === undefined) throw new Error(`Nothing is called {${name}} in "${text}"`);
      return value;
    });
  }

  fillAll<T>(value: T): T {
    return value === undefined ? value : (JSON.parse(this.fill(JSON.stringify(value))) as T);
  }

  /** Values → "<name>", in texts and in keys. */
  mask<T>(value: T): T {
    let text = JSON.stringify(value);
    const longestFirst = [...this.#byValue].sort(([a], [b]) => b.length - a.length);
    for (const [from, to] of longestFirst) text = text.replaceAll(JSON.stringify(from).slice(1, -1), to);
    return JSON.parse(text) as T;
  }
}
