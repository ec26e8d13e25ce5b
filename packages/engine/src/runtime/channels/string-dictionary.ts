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
import { hashString } from '../../state/key-groups.ts';

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
/** Spreads Java's string hash over the cells. */
const SPREAD = 0x9e3779b1;
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

export interface DictionaryLimits {
  readonly maxEntries?: number;
  readonly maxTextBytes?: number;
  readonly missesPerJudgement?: number;
  readonly minPauseStrings?: number;
}

/** No id: the string goes inline. */
const UNKNOWN = -1;
const INITIAL_CELLS = 1024;

/** What a writer knows of its strings, by id: in arrays, so that a look-up touches little memory. */
export class StringDictionary {
  readonly texts: string[] = [];
  /** Bits of the channels that know the id. */
  told: Int32Array = new Int32Array(INITIAL_CELLS);
  /** Target channel of the string as a key; -1: not computed. */
  targets: Int32Array = new Int32Array(INITIAL_CELLS);
  /** Channels beyond the mask of `told`, by id. */
  readonly #toldMore = new Map<number, Set<number>>();
  /** Open addressing: [hash, id + 1] pairs, id + 1 = 0 marks a free cell. */
  #cells: Int32Array = new Int32Array(INITIAL_CELLS * 2);
  #shift = 32 - Math.log2(INITIAL_CELLS);
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
    return this.texts.length;
  }

  createField(): DictionaryField {
    const field = new DictionaryField(this);
    this.#fields.push(field);
    return field;
  }

  /** @returns the id, or -1 */
  get(text: string): number {
    if (text.length > MAX_TEXT_LENGTH) return UNKNOWN;
    const cells = this.#cells;
    const hash = hashString(text);
    const mask = cells.length - 1;
    let at = (Math.imul(hash, SPREAD) >>> this.#shift) << 1;
    for (;;) {
      const id = cells[at + 1]! - 1;
      if (id < 0) return UNKNOWN;
      if (cells[at] === hash && this.texts[id] === text) return id;
      at = (at + 2) & mask;
    }
  }

  /** @returns the id, or -1 when there is no room for it */
  add(text: string): number {
    const id = this.texts.length;
    if (id >= this.#maxEntries || text.length > MAX_TEXT_LENGTH || this.#textBytes > this.#maxTextBytes) return UNKNOWN;
    if (id * 4 >= this.#cells.length) this.#grow();
    this.texts.push(text);
    this.told[id] = 0;
    this.targets[id] = -1;
    this.#place(id, hashString(text));
    this.#textBytes += text.length * 2;
    return id;
  }

  isToldBeyondMask(id: number, channelIndex: number): boolean {
    return this.#toldMore.get(id)?.has(channelIndex) === true;
  }

  tellBeyondMask(id: number, channelIndex: number): void {
    const channels = this.#toldMore.get(id) ?? new Set();
    this.#toldMore.set(id, channels.add(channelIndex));
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
    this.texts.length = 0;
    this.#cells.fill(0);
    this.#toldMore.clear();
    this.#textBytes = 0;
    for (const field of this.#fields) field.forget();
    this.resets++;
  }

  #place(id: number, hash: number): void {
    const cells = this.#cells;
    const mask = cells.length - 1;
    let at = (Math.imul(hash, SPREAD) >>> this.#shift) << 1;
    while (cells[at + 1] !== 0) at = (at + 2) & mask;
    cells[at] = hash;
    cells[at + 1] = id + 1;
  }

  /** Half full at most. */
  #grow(): void {
    const count = this.#cells.length;
    this.#cells = new Int32Array(count * 2);
    this.#shift--;
    this.texts.forEach((text, id) => {
      this.#place(id, hashString(text));
    });
    const told = new Int32Array(count);
    told.set(this.told);
    this.told = told;
    const targets = new Int32Array(count);
    targets.set(this.targets);
    this.targets = targets;
  }
}

/** One place where strings come from: a field of the record type, or the key. Keeps the last string and its hit rate. */
export class DictionaryField {
  /** Never equal to a string at first. */
  last: unknown = undefined;
  lastId = UNKNOWN;
  readonly dictionary: StringDictionary;
  #hits = 0;
  #misses = 0;
  /** Strings still to go inline without a look-up. */
  #pause = 0;
  #nextPause: number;

  constructor(dictionary: StringDictionary) {
    this.dictionary = dictionary;
    this.#nextPause = dictionary.minPauseStrings;
  }

  /** Id of a string that is not `last`; -1: send it inline. */
  find(text: string): number {
    if (this.#pause > 0) {
      this.#pause--;
      return UNKNOWN;
    }
    let id = this.dictionary.get(text);
    if (id < 0) id = this.#addMissed(text);
    else this.#hits++;
    this.last = text;
    this.lastId = id;
    return id;
  }

  #addMissed(text: string): number {
    if (++this.#misses >= this.dictionary.missesPerJudgement) this.#judge();
    return this.dictionary.add(text);
  }

  /** Worth it when at least a third of the strings were known. */
  #judge(): void {
    if (this.#hits * 2 < this.#misses) {
      this.#pause = this.#nextPause;
      this.#nextPause = Math.min(this.#nextPause * 2, MAX_PAUSE_STRINGS);
      this.dictionary.wantReset();
    }
    this.#hits = 0;
    this.#misses = 0;
  }

  forget(): void {
    this.last = undefined;
    this.lastId = UNKNOWN;
  }
}

export function writeDictionaryString(out: DictionarySink, field: DictionaryField, text: string): void {
  writeKnown(out, field.dictionary, text === field.last ? field.lastId : field.find(text), text);
}

/** @param id of the text, or -1 */
export function writeKnown(out: DictionarySink, dictionary: StringDictionary, id: number, text: string): void {
  if (id >= 0 && (dictionary.told[id]! & out.toldBit) !== 0) {
    if (out.pos + 2 > out.limit) out.reserve(2);
    out.view.setUint16(out.pos, id, true);
    out.pos += 2;
  } else writeNew(out, dictionary, id, text);
}

function writeNew(out: DictionarySink, dictionary: StringDictionary, id: number, text: string): void {
  out.reserve(4);
  if (id < 0) {
    out.view.setUint16(out.pos, INLINE, true);
    out.pos += 2;
    writeString(out, text);
  } else if (out.toldBit === 0 && dictionary.isToldBeyondMask(id, out.toldIndex)) {
    out.view.setUint16(out.pos, id, true);
    out.pos += 2;
  } else {
    out.view.setUint16(out.pos, DEFINE, true);
    out.view.setUint16(out.pos + 2, id, true);
    out.pos += 4;
    writeString(out, text);
    if (out.toldBit === 0) dictionary.tellBeyondMask(id, out.toldIndex);
    else dictionary.told[id]! |= out.toldBit;
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
