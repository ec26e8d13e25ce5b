// Strings that repeat cross a channel as two-byte ids. One dictionary per writer, shared by its channels; each channel is told
// an id's text the first time it needs it. The reader maps an id to one and the same string object, so that later lookups
// find its hash computed.
//   D1. Bounded: at most MAX_ENTRIES strings, MAX_TEXT_BYTES of text, MAX_TEXT_LENGTH each; everything else goes inline.
//   D2. The writer may forget everything at any time between records (reset): ids are then defined anew, and a definition
//       always replaces what the reader had.
//   D3. Nothing is looked up for fields whose strings do not repeat; they are tried again after a while.
// In the stream: [id uint16], or DEFINE id text, or INLINE text.
import type { ByteSource } from '../../serialization/byte-reader.ts';
import type { ByteSink } from '../../serialization/byte-writer.ts';
import { readString, writeString } from '../../serialization/string-codec.ts';

const INLINE = 0xffff;
const DEFINE = 0xfffe;
const MAX_ENTRIES = 0xfffe;
const MAX_TEXT_BYTES = 16 * 1024 * 1024;
const MAX_TEXT_LENGTH = 256;
/** Misses of one field after which its hit rate is judged: half of the ids. */
const MISSES_PER_JUDGEMENT = MAX_ENTRIES >> 1;
/** Strings a useless field sends inline before it is tried again; doubles each time it fails. */
const MIN_PAUSE_STRINGS = 1 << 20;
const MAX_PAUSE_STRINGS = 1 << 24;
/** Channels whose knowledge fits the bits of one small integer. */
const CHANNELS_IN_MASK = 30;

/** A sink that stands for one channel, as dictionaries see it. */
export interface DictionarySink extends ByteSink {
  /** The channel's bit in `told`; 0: beyond the mask, see toldIndex. */
  readonly toldBit: number;
  readonly toldIndex: number;
}

export function toldBitOf(channelIndex: number): number {
  return channelIndex < CHANNELS_IN_MASK ? 1 << channelIndex : 0;
}

export class DictionaryEntry {
  readonly text: string;
  readonly id: number;
  /** Bits of the channels that know this id. */
  told = 0;
  /** The same for channels beyond the mask. */
  toldMore: Set<number> | undefined = undefined;
  /** Target channel of this string as a key; -1: not computed. */
  target = -1;

  constructor(text: string, id: number) {
    this.text = text;
    this.id = id;
  }
}

export interface DictionaryLimits {
  readonly maxEntries?: number;
  readonly maxTextBytes?: number;
  readonly missesPerJudgement?: number;
  readonly minPauseStrings?: number;
}

export class StringDictionary {
  readonly #entries = new Map<string, DictionaryEntry>();
  readonly #fields: DictionaryField[] = [];
  readonly #maxEntries: number;
  readonly #maxTextBytes: number;
  readonly missesPerJudgement: number;
  readonly minPauseStrings: number;
  #textBytes = 0;
  #resetWanted = false;
  resets = 0;

  constructor(limits: DictionaryLimits = {}) {
    this.#maxEntries = Math.min(limits.maxEntries ?? MAX_ENTRIES, MAX_ENTRIES);
    this.#maxTextBytes = limits.maxTextBytes ?? MAX_TEXT_BYTES;
    this.missesPerJudgement = limits.missesPerJudgement ?? MISSES_PER_JUDGEMENT;
    this.minPauseStrings = limits.minPauseStrings ?? MIN_PAUSE_STRINGS;
  }

  get size(): number {
    return this.#entries.size;
  }

  createField(): DictionaryField {
    const field = new DictionaryField(this);
    this.#fields.push(field);
    return field;
  }

  get(text: string): DictionaryEntry | undefined {
    return this.#entries.get(text);
  }

  /** @returns undefined when there is no room for it */
  add(text: string): DictionaryEntry | undefined {
    const id = this.#entries.size;
    if (id >= this.#maxEntries || text.length > MAX_TEXT_LENGTH || this.#textBytes > this.#maxTextBytes)
      return undefined;
    const entry = new DictionaryEntry(text, id);
    this.#entries.set(text, entry);
    this.#textBytes += text.length * 2;
    return entry;
  }

  wantReset(): void {
    this.#resetWanted = true;
  }

  /** Between records only (D2). */
  resetIfWanted(): void {
    if (this.#resetWanted) this.reset();
  }

  reset(): void {
    this.#resetWanted = false;
    this.#entries.clear();
    this.#textBytes = 0;
    for (const field of this.#fields) field.forget();
    this.resets++;
  }
}

/** One place where strings come from: a field of the record type, or the key. Keeps the last string and its hit rate. */
export class DictionaryField {
  /** Never equal to a string at first. */
  last: unknown = undefined;
  lastEntry: DictionaryEntry | undefined = undefined;
  readonly #dictionary: StringDictionary;
  #hits = 0;
  #misses = 0;
  /** Strings still to go inline without a look-up. */
  #pause = 0;
  #nextPause: number;

  constructor(dictionary: StringDictionary) {
    this.#dictionary = dictionary;
    this.#nextPause = dictionary.minPauseStrings;
  }

  /** The entry of a string that is not `last`; undefined: send it inline. */
  find(text: string): DictionaryEntry | undefined {
    if (this.#pause > 0) {
      this.#pause--;
      return undefined;
    }
    let entry = this.#dictionary.get(text);
    if (entry === undefined) entry = this.#addMissed(text);
    else this.#hits++;
    this.last = text;
    this.lastEntry = entry;
    return entry;
  }

  #addMissed(text: string): DictionaryEntry | undefined {
    if (++this.#misses >= this.#dictionary.missesPerJudgement) this.#judge();
    return this.#dictionary.add(text);
  }

  /** Worth it when at least a third of the strings were known. */
  #judge(): void {
    if (this.#hits * 2 < this.#misses) {
      this.#pause = this.#nextPause;
      this.#nextPause = Math.min(this.#nextPause * 2, MAX_PAUSE_STRINGS);
      this.#dictionary.wantReset();
    }
    this.#hits = 0;
    this.#misses = 0;
  }

  forget(): void {
    this.last = undefined;
    this.lastEntry = undefined;
  }
}

export function writeDictionaryString(out: DictionarySink, field: DictionaryField, text: string): void {
  writeEntry(out, text === field.last ? field.lastEntry : field.find(text), text);
}

export function writeEntry(out: DictionarySink, entry: DictionaryEntry | undefined, text: string): void {
  if (entry !== undefined && (entry.told & out.toldBit) !== 0) {
    if (out.pos + 2 > out.limit) out.reserve(2);
    out.view.setUint16(out.pos, entry.id, true);
    out.pos += 2;
  } else writeNewEntry(out, entry, text);
}

function writeNewEntry(out: DictionarySink, entry: DictionaryEntry | undefined, text: string): void {
  out.reserve(4);
  if (entry === undefined) {
    out.view.setUint16(out.pos, INLINE, true);
    out.pos += 2;
    writeString(out, text);
  } else if (out.toldBit === 0 && entry.toldMore?.has(out.toldIndex)) {
    out.view.setUint16(out.pos, entry.id, true);
    out.pos += 2;
  } else {
    out.view.setUint16(out.pos, DEFINE, true);
    out.view.setUint16(out.pos + 2, entry.id, true);
    out.pos += 4;
    writeString(out, text);
    if (out.toldBit === 0) (entry.toldMore ??= new Set()).add(out.toldIndex);
    else entry.told |= out.toldBit;
  }
}

/** A source with the strings its channel was told, by id. */
export interface DictionarySource extends ByteSource {
  readonly strings: string[];
  /** Id of the last string read, -1: it came inline. */
  stringId: number;
}

export function readDictionaryString(input: DictionarySource): string {
  const id = input.view.getUint16(input.pos, true);
  input.pos += 2;
  input.stringId = id;
  return id < DEFINE ? input.strings[id]! : readNewEntry(input, id);
}

function readNewEntry(input: DictionarySource, form: number): string {
  input.stringId = -1;
  if (form === INLINE) return readString(input);
  const id = input.view.getUint16(input.pos, true);
  input.pos += 2;
  input.stringId = id;
  const text = readString(input);
  while (input.strings.length < id) input.strings.push('');
  input.strings[id] = text;
  return text;
}
