// Settings by key, checked when they are given. Keys that are not ours are kept as they are: Flink takes any.
import { appError } from '../../errors.ts';
import type { ConfigOption } from './config-option.ts';
import { nearestText } from './nearest-text.ts';
import { readOption } from './read-option.ts';
import { HIDDEN_VALUE, isSecretKey } from './secret-keys.ts';

/** Keys of ours that Flink does not have; all of them are known. */
const OWN_PREFIX = 'yeoul.';

export class Configuration {
  readonly #options: readonly ConfigOption[];
  readonly #entries: ReadonlyMap<string, string>;

  /**
   * @param options that there are
   * @param layers entries by precedence, least first; the same setting under another of its names is replaced, too
   * @throws SETTING_UNKNOWN, SETTING_INVALID
   */
  constructor(options: readonly ConfigOption[], ...layers: readonly Iterable<readonly [key: string, value: string]>[]) {
    this.#options = options;
    this.#entries = merge(options, layers);
    for (const [key, value] of this.#entries) this.#check(key, value);
  }

  /** The value in effect. */
  get<T>(option: ConfigOption<T>): T {
    return this.find(option) ?? option.default;
  }

  /** The value that was given; undefined: none was. */
  find<T>(option: ConfigOption<T>): T | undefined {
    const key = [option.key, ...option.aliases].find((name) => this.#entries.has(name));
    return key === undefined ? undefined : readOption(option, this.#entries.get(key) as string, key);
  }

  /** As given, in the order given, for people to see: secrets are hidden. */
  shown(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      [...this.#entries].map(([key, value]) => [key, isSecretKey(key) ? HIDDEN_VALUE : value] as const),
    );
  }

  #check(key: string, value: string): void {
    const option = this.#options.find((candidate) => isNameOf(candidate, key));
    if (option !== undefined) readOption(option, value, key);
    else if (key.startsWith(OWN_PREFIX)) throw this.#unknown(key);
  }

  #unknown(key: string): Error {
    const own = this.#options.map((option) => option.key).filter((known) => known.startsWith(OWN_PREFIX));
    return appError('SETTING_UNKNOWN', [key, nearestText(key, own) ?? own[0] ?? 'none']);
  }
}

function merge(
  options: readonly ConfigOption[],
  layers: readonly Iterable<readonly [string, string]>[],
): ReadonlyMap<string, string> {
  const merged = new Map<string, string>();
  for (const layer of layers) {
    const given = new Map(layer);
    for (const [key, value] of given) {
      for (const name of otherNames(options, key)) if (!given.has(name)) merged.delete(name);
      merged.set(key, value);
    }
  }
  return merged;
}

function otherNames(options: readonly ConfigOption[], key: string): readonly string[] {
  const option = options.find((candidate) => isNameOf(candidate, key));
  return option === undefined ? [] : [option.key, ...option.aliases].filter((name) => name !== key);
}

function isNameOf(option: ConfigOption, key: string): boolean {
  return option.key === key || option.aliases.includes(key);
}
