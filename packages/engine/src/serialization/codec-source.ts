// Turns a declared type into the source of straight-line code that writes or reads one value. Runs of fixed-size fields
// share one room check and one cursor update. How strings and undeclared values are carried is the dialect's: state writes
// them in full, channels through dictionaries.
import type { RowField, TypeInformation } from '../api/type-information.ts';

/** Statements for the kinds that state and channels carry differently. `out` and `input` are in scope. */
export interface CodecDialect {
  writeString(expression: string, path: string): string;
  /** An expression that reads a string. */
  readString(path: string): string;
  writeGeneric(expression: string, path: string): string;
  readGeneric(): string;
}

/** What `dialectOfState` and the type checks of generated code call; see codec-runtime.ts. */
export const RUNTIME_NAME = 'rt';

interface FixedField {
  readonly sizeBytes: number;
  readonly statement: (position: string) => string;
}

/** Collects statements; fixed-size fields wait until something of variable size comes or the block ends. */
class SourceBlock {
  readonly lines: string[] = [];
  readonly #cursor: 'out' | 'input';
  #waiting: FixedField[] = [];

  constructor(cursor: 'out' | 'input') {
    this.#cursor = cursor;
  }

  fixed(sizeBytes: number, statement: (position: string) => string): void {
    this.#waiting.push({ sizeBytes, statement });
  }

  line(text: string): void {
    this.settle();
    this.lines.push(text);
  }

  /** A statement that touches neither cursor nor memory: needs no settling. */
  pure(text: string): void {
    this.lines.push(text);
  }

  settle(): void {
    if (this.#waiting.length === 0) return;
    const total = this.#waiting.reduce((sum, field) => sum + field.sizeBytes, 0);
    if (this.#cursor === 'out') this.lines.push(`if (out.pos + ${total} > out.limit) out.reserve(${total});`);
    this.lines.push(`p = ${this.#cursor}.pos; view = ${this.#cursor}.view;`);
    let offset = 0;
    for (const field of this.#waiting) {
      this.lines.push(field.statement(offset === 0 ? 'p' : `p + ${offset}`));
      offset += field.sizeBytes;
    }
    this.lines.push(`${this.#cursor}.pos = p + ${total};`);
    this.#waiting = [];
  }
}

/** Makes names and source for one function; one instance per generated function. */
export class CodecSource {
  readonly #dialect: CodecDialect;
  readonly #prefix: string;
  #names = 0;

  /** @param prefix of all names it makes: two sources in one function must differ */
  constructor(dialect: CodecDialect, prefix = '') {
    this.#dialect = dialect;
    this.#prefix = prefix;
  }

  /**
   * Statements that write `expression` to `out`. In scope: `out`, `let p, view`, and the runtime.
   * @param path where the value stands, for messages: "the value", "field 'id'"
   */
  write(type: TypeInformation, expression: string, path: string): string {
    const block = new SourceBlock('out');
    this.#write(block, type, expression, path);
    block.settle();
    return block.lines.join('\n');
  }

  /** Statements that read a value from `input`, and the expression that is the value afterwards. In scope: `input`, `let p, view`. */
  read(type: TypeInformation): { readonly statements: string; readonly expression: string } {
    const block = new SourceBlock('input');
    const expression = this.#read(block, type, false, VALUE_PATH);
    block.settle();
    return { statements: block.lines.join('\n'), expression };
  }

  /** The same for the fields of a row: one expression per field, so that a caller can use a field on its own. */
  readRow(fields: readonly RowField[]): { readonly statements: string; readonly fields: readonly string[] } {
    const block = new SourceBlock('input');
    const expressions = fields.map((field) => this.#read(block, field.type, true, fieldPath(VALUE_PATH, field.name)));
    block.settle();
    return { statements: block.lines.join('\n'), fields: expressions };
  }

  #name(prefix: string): string {
    return `${this.#prefix}${prefix}${this.#names++}`;
  }

  #write(block: SourceBlock, type: TypeInformation, expression: string, path: string): void {
    const at = JSON.stringify(path);
    const x = this.#name('x');
    block.pure(`const ${x} = ${expression};`);
    switch (type.kind) {
      case 'int':
        block.pure(`if (typeof ${x} !== 'number' || ${x} !== (${x} | 0)) rt.rejectInt(${x}, ${at});`);
        block.fixed(4, (position) => `view.setInt32(${position}, ${x}, true);`);
        return;
      case 'long':
      case 'double':
        block.pure(`if (typeof ${x} !== 'number') rt.reject(${x}, ${at}, '${type.kind}');`);
        block.fixed(8, (position) => `view.setFloat64(${position}, ${x}, true);`);
        return;
      case 'boolean':
        block.pure(`if (typeof ${x} !== 'boolean') rt.reject(${x}, ${at}, 'boolean');`);
        block.fixed(1, (position) => `view.setUint8(${position}, ${x} ? 1 : 0);`);
        return;
      case 'date':
        block.pure(`if (!(${x} instanceof Date)) rt.reject(${x}, ${at}, 'date');`);
        block.fixed(8, (position) => `view.setFloat64(${position}, ${x}.getTime(), true);`);
        return;
      case 'string':
        block.pure(`if (typeof ${x} !== 'string') rt.reject(${x}, ${at}, 'string');`);
        block.line(this.#dialect.writeString(x, path));
        return;
      case 'bytes':
        block.pure(`if (!(${x} instanceof Uint8Array)) rt.reject(${x}, ${at}, 'bytes');`);
        block.line(`rt.writeBytes(out, ${x});`);
        return;
      case 'bigint':
        block.pure(`if (typeof ${x} !== 'bigint') rt.reject(${x}, ${at}, 'bigint');`);
        block.line(`rt.writeBigInt(out, ${x});`);
        return;
      case 'generic':
        block.line(this.#dialect.writeGeneric(x, path));
        return;
      case 'row':
        block.pure(`if (typeof ${x} !== 'object' || ${x} === null) rt.reject(${x}, ${at}, 'row');`);
        for (const field of type.fields) {
          this.#write(block, field.type, `${x}[${JSON.stringify(field.name)}]`, fieldPath(path, field.name));
        }
        return;
      case 'tuple':
        return this.#writeTuple(block, type.elements, x, path);
      case 'list':
        return this.#writeList(block, type.element, x, path);
      case 'map':
        return this.#writeMap(block, type.key, type.value, x, path);
      case 'optional':
        return this.#writeOptional(block, type.inner, x, path);
    }
  }

  #writeTuple(block: SourceBlock, elements: readonly TypeInformation[], x: string, path: string): void {
    const expected = `tuple of ${elements.length}`;
    block.pure(
      `if (!Array.isArray(${x}) || ${x}.length !== ${elements.length}) rt.reject(${x}, ${JSON.stringify(path)}, '${expected}');`,
    );
    elements.forEach((element, index) => {
      this.#write(block, element, `${x}[${index}]`, `${path}[${index}]`);
    });
  }

  #writeList(block: SourceBlock, element: TypeInformation, x: string, path: string): void {
    block.pure(`if (!Array.isArray(${x})) rt.reject(${x}, ${JSON.stringify(path)}, 'list');`);
    const count = this.#name('n');
    const index = this.#name('i');
    block.pure(`const ${count} = ${x}.length;`);
    block.fixed(4, (position) => `view.setUint32(${position}, ${count}, true);`);
    block.line(
      `for (let ${index} = 0; ${index} < ${count}; ${index}++) {\n${this.write(element, `${x}[${index}]`, `${path}[]`)}\n}`,
    );
  }

  #writeMap(block: SourceBlock, key: TypeInformation, value: TypeInformation, x: string, path: string): void {
    block.pure(`if (!(${x} instanceof Map)) rt.reject(${x}, ${JSON.stringify(path)}, 'map');`);
    const entry = this.#name('e');
    block.fixed(4, (position) => `view.setUint32(${position}, ${x}.size, true);`);
    block.line(
      `for (const ${entry} of ${x}) {\n${this.write(key, `${entry}[0]`, `${path} (key)`)}\n${this.write(value, `${entry}[1]`, `${path} (value)`)}\n}`,
    );
  }

  /** One byte first: 0 undefined, 1 a value follows, 2 null. */
  #writeOptional(block: SourceBlock, inner: TypeInformation, x: string, path: string): void {
    block.fixed(1, (position) => `view.setUint8(${position}, ${x} === undefined ? 0 : ${x} === null ? 2 : 1);`);
    block.line(`if (${x} !== undefined && ${x} !== null) {\n${this.write(inner, x, path)}\n}`);
  }

  #fixedRead(block: SourceBlock, sizeBytes: number, expression: (position: string) => string): string {
    const x = this.#name('x');
    block.fixed(sizeBytes, (position) => `const ${x} = ${expression(position)};`);
    return x;
  }

  #variableRead(block: SourceBlock, expression: string): string {
    const x = this.#name('x');
    block.line(`const ${x} = ${expression};`);
    return x;
  }

  /** @param named a plain name is wanted even for composed values, so that they are built once */
  #read(block: SourceBlock, type: TypeInformation, named: boolean, path: string): string {
    switch (type.kind) {
      case 'int':
        return this.#fixedRead(block, 4, (position) => `view.getInt32(${position}, true)`);
      case 'long':
      case 'double':
        return this.#fixedRead(block, 8, (position) => `view.getFloat64(${position}, true)`);
      case 'boolean':
        return this.#fixedRead(block, 1, (position) => `view.getUint8(${position}) === 1`);
      case 'date':
        return this.#fixedRead(block, 8, (position) => `new Date(view.getFloat64(${position}, true))`);
      case 'string':
        return this.#variableRead(block, this.#dialect.readString(path));
      case 'bytes':
        return this.#variableRead(block, 'rt.readBytes(input)');
      case 'bigint':
        return this.#variableRead(block, 'rt.readBigInt(input)');
      case 'generic':
        return this.#variableRead(block, this.#dialect.readGeneric());
      case 'row': {
        const values = type.fields.map((field) => this.#read(block, field.type, false, fieldPath(path, field.name)));
        const literal = rowLiteral(type.fields, values);
        return named ? this.#variableRead(block, literal) : `(${literal})`;
      }
      case 'tuple': {
        const literal = `[${type.elements
          .map((element, index) => this.#read(block, element, false, `${path}[${index}]`))
          .join(', ')}]`;
        return named ? this.#variableRead(block, literal) : literal;
      }
      case 'list':
        return this.#readList(block, type.element);
      case 'map':
        return this.#readMap(block, type.key, type.value);
      case 'optional':
        return this.#readOptional(block, type.inner);
    }
  }

  #readList(block: SourceBlock, element: TypeInformation): string {
    const count = this.#fixedRead(block, 4, (position) => `view.getUint32(${position}, true)`);
    const list = this.#name('list');
    const index = this.#name('i');
    const item = this.read(element);
    block.line(`const ${list} = [];`);
    block.line(
      `for (let ${index} = 0; ${index} < ${count}; ${index}++) {\n${item.statements}\n${list}.push(${item.expression});\n}`,
    );
    return list;
  }

  #readMap(block: SourceBlock, keyType: TypeInformation, valueType: TypeInformation): string {
    const count = this.#fixedRead(block, 4, (position) => `view.getUint32(${position}, true)`);
    const map = this.#name('map');
    const index = this.#name('i');
    const keyName = this.#name('key');
    const key = this.read(keyType);
    const value = this.read(valueType);
    block.line(`const ${map} = new Map();`);
    block.line(
      `for (let ${index} = 0; ${index} < ${count}; ${index}++) {\n${key.statements}\nconst ${keyName} = ${key.expression};\n${value.statements}\n${map}.set(${keyName}, ${value.expression});\n}`,
    );
    return map;
  }

  #readOptional(block: SourceBlock, inner: TypeInformation): string {
    const presence = this.#fixedRead(block, 1, (position) => `view.getUint8(${position})`);
    const x = this.#name('x');
    const value = this.read(inner);
    block.line(`let ${x} = undefined;`);
    block.line(
      `if (${presence} === 1) {\n${value.statements}\n${x} = ${value.expression};\n} else if (${presence} === 2) ${x} = null;`,
    );
    return x;
  }
}

/** How messages call a field. */
export function fieldPath(path: string, name: string): string {
  return path === VALUE_PATH ? `field '${name}'` : `${path}.${name}`;
}

/** How messages call the whole value. */
export const VALUE_PATH = 'the value';

/** An object literal with the fields in declared order; computed names keep "__proto__" an ordinary field. */
export function rowLiteral(fields: readonly RowField[], values: readonly string[]): string {
  const members = fields.map((field, index) => {
    const name = JSON.stringify(field.name);
    return `${field.name === '__proto__' ? `[${name}]` : name}: ${values[index]}`;
  });
  return `{ ${members.join(', ')} }`;
}
