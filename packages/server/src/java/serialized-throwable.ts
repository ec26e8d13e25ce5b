// Failures as Flink's Java clients read them: an org.apache.flink.util.SerializedThrowable in Java's serialization stream, base64 on the wire.
// Only what such a chain needs is written: no stack frames, no original exception; the text of the stack is there.
// @see Java Object Serialization Specification, chapter 6; Apache Flink 1.9, SerializedThrowable

/** One failure; its cause follows it in a chain. */
export interface JavaThrowable {
  readonly className: string;
  /** Null: none. */
  readonly message: string | null;
  /** As printStackTrace gives it, causes included. */
  readonly stackTrace: string;
}

const Tag = {
  NULL: 0x70,
  REFERENCE: 0x71,
  CLASS: 0x72,
  OBJECT: 0x73,
  STRING: 0x74,
  ARRAY: 0x75,
  END: 0x78,
} as const;

const STREAM_HEADER = [0xac, 0xed, 0x00, 0x05];
const FIRST_HANDLE = 0x7e0000;
/** Serializable; with a writeObject method of its own. */
const SERIALIZABLE = 0x02;
const SERIALIZABLE_WITH_METHOD = 0x03;
/** Length of a string takes two bytes. */
const MAX_STRING_BYTES = 0xffff;

/** Serial version ids of the classes. */
const SerialVersion = {
  SerializedThrowable: '65169df51fa713f3',
  Exception: 'd0fd1f3e1a3b1cc4',
  Throwable: 'd5c635273977b8cb',
  StackTraceElements: '02462a3c3cfd2239',
} as const;

/** @param chain a failure and its causes, outermost first; at least one */
export function serializeThrowable(chain: readonly JavaThrowable[]): string {
  const stream = new ThrowableStream();
  stream.writeThrowables(chain);
  return Buffer.from(stream.bytes).toString('base64');
}

class ThrowableStream {
  readonly bytes: number[] = [...STREAM_HEADER];
  /** What was written once is referred to by its number from then on. */
  readonly #handles = new Map<string, number>();
  #nextHandle = FIRST_HANDLE;

  writeThrowables([throwable, ...causes]: readonly JavaThrowable[]): void {
    if (throwable === undefined) {
      this.bytes.push(Tag.NULL);
      return;
    }
    this.bytes.push(Tag.OBJECT);
    this.#writeOnce('class SerializedThrowable', () => this.#describeClass());
    this.#nextHandle++;
    // Fields of java.lang.Throwable, then those of SerializedThrowable.
    this.writeThrowables(causes);
    this.#writeString(throwable.message);
    this.#writeNoStackFrames();
    this.bytes.push(Tag.NULL, Tag.END);
    this.#writeString(throwable.stackTrace);
    this.#writeString(throwable.className);
    this.bytes.push(Tag.NULL);
  }

  #describeClass(): void {
    this.#writeClass('org.apache.flink.util.SerializedThrowable', SerialVersion.SerializedThrowable, SERIALIZABLE, [
      ['L', 'fullStringifiedStackTrace', 'Ljava/lang/String;'],
      ['L', 'originalErrorClassName', 'Ljava/lang/String;'],
      ['[', 'serializedException', '[B'],
    ]);
    this.#writeClass('java.lang.Exception', SerialVersion.Exception, SERIALIZABLE, []);
    this.#writeClass('java.lang.Throwable', SerialVersion.Throwable, SERIALIZABLE_WITH_METHOD, [
      ['L', 'cause', 'Ljava/lang/Throwable;'],
      ['L', 'detailMessage', 'Ljava/lang/String;'],
      ['[', 'stackTrace', '[Ljava/lang/StackTraceElement;'],
      ['L', 'suppressedExceptions', 'Ljava/util/List;'],
    ]);
    this.bytes.push(Tag.NULL);
  }

  /** Without its superclass, which comes next. */
  #writeClass(
    name: string,
    serialVersion: string,
    flags: number,
    fields: readonly (readonly [type: string, name: string, className: string])[],
  ): void {
    this.bytes.push(Tag.CLASS);
    this.#writeText(name);
    this.bytes.push(...Buffer.from(serialVersion, 'hex'));
    this.#nextHandle++;
    this.bytes.push(flags, 0, fields.length);
    for (const [type, field, className] of fields) {
      this.bytes.push(type.charCodeAt(0));
      this.#writeText(field);
      this.#writeOnce(className, () => {
        this.bytes.push(Tag.STRING);
        this.#writeText(className);
        this.#nextHandle++;
      });
    }
    this.bytes.push(Tag.END);
  }

  #writeNoStackFrames(): void {
    this.bytes.push(Tag.ARRAY);
    this.#writeOnce('class StackTraceElement[]', () => {
      this.#writeClass('[Ljava.lang.StackTraceElement;', SerialVersion.StackTraceElements, SERIALIZABLE, []);
      this.bytes.push(Tag.NULL);
    });
    this.#nextHandle++;
    this.bytes.push(0, 0, 0, 0);
  }

  #writeString(text: string | null): void {
    if (text === null) {
      this.bytes.push(Tag.NULL);
      return;
    }
    this.bytes.push(Tag.STRING);
    this.#writeText(text);
    this.#nextHandle++;
  }

  /** The thing itself the first time, else a reference. Its handle is the next one when it starts. */
  #writeOnce(key: string, write: () => void): void {
    const handle = this.#handles.get(key);
    if (handle === undefined) {
      this.#handles.set(key, this.#nextHandle);
      write();
      return;
    }
    this.bytes.push(Tag.REFERENCE);
    this.#writeInt32(handle);
  }

  #writeInt32(value: number): void {
    this.bytes.push((value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
  }

  #writeText(text: string): void {
    const bytes = toModifiedUtf8(text);
    this.bytes.push(bytes.length >>> 8, bytes.length & 0xff);
    for (const byte of bytes) this.bytes.push(byte);
  }
}

/** Java's own form of UTF-8: by UTF-16 unit, NUL in two bytes. Cut where it does not fit. */
function toModifiedUtf8(text: string): number[] {
  const bytes: number[] = [];
  for (let i = 0; i < text.length && bytes.length <= MAX_STRING_BYTES - 3; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0 && unit < 0x80) bytes.push(unit);
    else if (unit < 0x800) bytes.push(0xc0 | (unit >> 6), 0x80 | (unit & 0x3f));
    else bytes.push(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f));
  }
  return bytes;
}
