// Program arguments as named values: "--input file.txt -n 3 --flag".
import { appError } from '../errors.ts';

const NO_VALUE = '__NO_VALUE_KEY';

export class ParameterTool {
  readonly #values: ReadonlyMap<string, string>;

  private constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  /** Keys begin with "-" or "--"; a key before another key has no value, and a negative number is a value. */
  static fromArgs(args: readonly string[]): ParameterTool {
    const values = new Map<string, string>();
    for (let i = 0; i < args.length; i++) {
      const key = keyOf(args[i] as string, args);
      const next = args[i + 1];
      const hasValue = next !== undefined && (!next.startsWith('-') || isNumber(next));
      values.set(key, hasValue ? next : NO_VALUE);
      if (hasValue) i++;
    }
    return new ParameterTool(values);
  }

  static fromMap(values: Readonly<Record<string, string>>): ParameterTool {
    return new ParameterTool(new Map(Object.entries(values)));
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  get(key: string): string | undefined;
  get(key: string, defaultValue: string): string;
  get(key: string, defaultValue?: string): string | undefined {
    const value = this.#values.get(key);
    return value === undefined || value === NO_VALUE ? defaultValue : value;
  }

  /** @throws INVALID_SETTING when it is not there */
  getRequired(key: string): string {
    const value = this.get(key);
    if (value === undefined)
      throw appError('INVALID_SETTING', [`parameter --${key}`, 'missing', `a value: --${key} VALUE`]);
    return value;
  }

  getInt(key: string, defaultValue?: number): number {
    return this.#number(key, defaultValue, Number.isSafeInteger, 'a whole number');
  }

  getLong(key: string, defaultValue?: number): number {
    return this.getInt(key, defaultValue);
  }

  getDouble(key: string, defaultValue?: number): number {
    return this.#number(key, defaultValue, Number.isFinite, 'a number');
  }

  getFloat(key: string, defaultValue?: number): number {
    return this.getDouble(key, defaultValue);
  }

  /** A key without a value counts as true. */
  getBoolean(key: string, defaultValue = false): boolean {
    if (!this.has(key)) return defaultValue;
    return this.get(key, 'true').toLowerCase() === 'true';
  }

  getNumberOfParameters(): number {
    return this.#values.size;
  }

  toMap(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#values);
  }

  /** Values of the other one win. */
  mergeWith(other: ParameterTool): ParameterTool {
    return new ParameterTool(new Map([...this.#values, ...other.#values]));
  }

  #number(key: string, defaultValue: number | undefined, valid: (value: number) => boolean, wanted: string): number {
    const text = this.get(key);
    if (text === undefined) {
      if (defaultValue !== undefined) return defaultValue;
      this.getRequired(key);
    }
    const value = Number(text);
    if (text?.trim() === '' || !valid(value)) throw appError('INVALID_SETTING', [`parameter --${key}`, text, wanted]);
    return value;
  }
}

function keyOf(text: string, args: readonly string[]): string {
  const key = text.startsWith('--') ? text.slice(2) : text.startsWith('-') ? text.slice(1) : undefined;
  if (key === undefined || key === '') {
    throw appError('INVALID_SETTING', ['program argument', `"${text}" in "${args.join(' ')}"`, '--key value pairs']);
  }
  return key;
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}
