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
import { StringGuesses } from './string-guesses.ts';

const INLINE = 0xffff;
const DEFINE = 0xfffe;
/** Where an id stands, this or more says how the text follows. */
export const FIRST_FORM = DEFINE;
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

export interface DictionaryLimits {
  readonly maxEntries?: number;
  readonly maxTextBytes?: number;
  readonly missesPerJudgement?: number;
  readonly minPauseStrings?: number;
}

/** Not in the dictionary: the string goes inline. */
const UNKNOWN = -1;
const INITIAL_CELLS = 512;

/** What a cell of the table holds; one or two cells to a cache line, so that a hit costs one look at memory. */
const CELL_INTS = 8;
const CELL_ID = 1;
const CELL_TOLD = 2;
const CELL_TARGET = 3;
const CELL_TEXT = 4;
/** Set in CELL_ID when the text is not in the cell: zeros there must not be taken for one. */
const IS_LONG = 1 << 30;
const ID_MASK = IS_LONG - 1;
/** Characters that fit CELL_TEXT, when all are below 256. */
const PACKED_LENGTH = 16;

/** Characters of the string in hand, four to an integer. */
const packed = new Int32Array(4);

/** @returns true: the whole text stands in `packed` now */
function packText(text: string): boolean {
  const length = text.length;
  if (length > PACKED_LENGTH) return false;
  let all = 0;
  for (let word = 0, i = 0; word < 4; word++) {
    let bits = 0;
    for (const end = Math.min(length, i + 4); i < end; i++) {
      const unit = text.charCodeAt(i);
      all |= unit;
      bits = (bits << 8) | unit;
    }
    packed[word] = bits;
  }
  return all < 256;
}

/**
 * What a writer knows of its strings: a table by content, whose cells are what `find` gives out. A cell stays where it is
 * until the table grows or is reset; the writer uses it at once.
 */
export class StringDictionary {
  /** By id. */
  readonly texts: string[] = [];
  /** Open addressing: [hash, id + 1 (and IS_LONG), told, target, text × 4]; id + 1 = 0 marks a free cell. */
  cells: Int32Array = new Int32Array(INITIAL_CELLS * CELL_INTS);
  #shift = 32 - Math.log2(INITIAL_CELLS);
  /** Channels beyond the mask of CELL_TOLD that know an id. */
  readonly #toldMore = new Map<number, Set<number>>();
  readonly #maxEntries: number;
  readonly #maxTextBytes: number;
  readonly missesPerJudgement: number;
  readonly minPauseStrings: number;
  readonly #fields: DictionaryField[] = [];
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

  /** @returns the cell, or -1 */
  get(text: string): number {
    const length = text.length;
    if (length > PACKED_LENGTH) return length > MAX_TEXT_LENGTH ? UNKNOWN : this.#getLong(text);
    return this.#getShort(text, length);
  }

  /**
   * Short strings of one-byte characters: compared by what the cell holds, without a look at another string. The hottest
   * loop of keyed exchanges: packText written out over locals.
   */
  #getShort(text: string, length: number): number {
    let w0 = 0;
    let w1 = 0;
    let w2 = 0;
    let w3 = 0;
    let all = 0;
    let i = 0;
    for (const end = length < 4 ? length : 4; i < end; i++) {
      const unit = text.charCodeAt(i);
      all |= unit;
      w0 = (w0 << 8) | unit;
    }
    for (const end = length < 8 ? length : 8; i < end; i++) {
      const unit = text.charCodeAt(i);
      all |= unit;
      w1 = (w1 << 8) | unit;
    }
    for (const end = length < 12 ? length : 12; i < end; i++) {
      const unit = text.charCodeAt(i);
      all |= unit;
      w2 = (w2 << 8) | unit;
    }
    for (; i < length; i++) {
      const unit = text.charCodeAt(i);
      all |= unit;
      w3 = (w3 << 8) | unit;
    }
    if (all > 255) return this.#getLong(text);
    const cells = this.cells;
    const hash = hashPacked(w0, w1, w2, w3, length);
    const mask = cells.length - 1;
    let at = (hash >>> this.#shift) * CELL_INTS;
    while (cells[at + CELL_ID] !== 0) {
      if (
        cells[at] === hash &&
        cells[at + CELL_ID]! < IS_LONG &&
        cells[at + CELL_TEXT] === w0 &&
        cells[at + CELL_TEXT + 1] === w1 &&
        cells[at + CELL_TEXT + 2] === w2 &&
        cells[at + CELL_TEXT + 3] === w3
      ) {
        return at;
      }
      at = (at + CELL_INTS) & mask;
    }
    return UNKNOWN;
  }

  #getLong(text: string): number {
    const cells = this.cells;
    const hash = hashLong(text);
    const mask = cells.length - 1;
    let at = (hash >>> this.#shift) * CELL_INTS;
    while (cells[at + CELL_ID] !== 0) {
      if (cells[at] === hash && this.texts[this.idOf(at)] === text) return at;
      at = (at + CELL_INTS) & mask;
    }
    return UNKNOWN;
  }

  /** @returns the cell, or -1 when there is no room for it */
  add(text: string): number {
    const id = this.texts.length;
    if (id >= this.#maxEntries || text.length > MAX_TEXT_LENGTH || this.#textBytes > this.#maxTextBytes) return UNKNOWN;
    if (id * 2 * CELL_INTS >= this.cells.length) this.#grow();
    this.texts.push(text);
    this.#textBytes += text.length * 2;
    return this.#place(id, text, 0, -1);
  }

  idOf(cell: number): number {
    return (this.cells[cell + CELL_ID]! & ID_MASK) - 1;
  }

  /** Target channel of the string as a key; -1: not computed. */
  targetOf(cell: number): number {
    return this.cells[cell + CELL_TARGET]!;
  }

  setTarget(cell: number, target: number): void {
    this.cells[cell + CELL_TARGET] = target;
  }

  /**
   * For a channel within the slot: the id, or -2 - id at its first use there, or -1 for channels beyond the mask.
   * @see RecordConsumer.setCurrentKey
   */
  keyIdFor(cell: number, toldBit: number): number {
    const id = this.idOf(cell);
    if ((this.cells[cell + CELL_TOLD]! & toldBit) !== 0) return id;
    if (toldBit === 0) return UNKNOWN;
    this.cells[cell + CELL_TOLD]! |= toldBit;
    return -2 - id;
  }

  isTold(cell: number, toldBit: number): boolean {
    return (this.cells[cell + CELL_TOLD]! & toldBit) !== 0;
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
    this.cells.fill(0);
    this.#toldMore.clear();
    for (const field of this.#fields) field.guesses.clear();
    this.#textBytes = 0;
    this.resets++;
  }

  #place(id: number, text: string, told: number, target: number): number {
    const cells = this.cells;
    const isPacked = packText(text);
    const hash = isPacked ? hashPacked(packed[0]!, packed[1]!, packed[2]!, packed[3]!, text.length) : hashLong(text);
    const mask = cells.length - 1;
    let at = (hash >>> this.#shift) * CELL_INTS;
    while (cells[at + CELL_ID] !== 0) at = (at + CELL_INTS) & mask;
    cells[at] = hash;
    cells[at + CELL_ID] = isPacked ? id + 1 : (id + 1) | IS_LONG;
    cells[at + CELL_TOLD] = told;
    cells[at + CELL_TARGET] = target;
    if (isPacked) cells.set(packed, at + CELL_TEXT);
    return at;
  }

  /** Half full at most. Cells move: nobody keeps one. */
  #grow(): void {
    const old = this.cells;
    this.cells = new Int32Array(old.length * 2);
    this.#shift--;
    for (let at = 0; at < old.length; at += CELL_INTS) {
      const id = (old[at + CELL_ID]! & ID_MASK) - 1;
      if (id >= 0) this.#place(id, this.texts[id]!, old[at + CELL_TOLD]!, old[at + CELL_TARGET]!);
    }
  }
}

/**
 * Multiplied, so that the top bits, which choose the cell, depend on all characters. For equal words it is one to one in the
 * length: words and hash together are the text, leading NULs included.
 */
function hashPacked(w0: number, w1: number, w2: number, w3: number, length: number): number {
  const low = Math.imul(w0 ^ Math.imul(w1, 0x85ebca6b), 0x9e3779b1);
  const high = Math.imul(w2 ^ Math.imul(w3, 0xc2b2ae35) ^ length, 0x27d4eb2f);
  return Math.imul(low ^ (low >>> 15) ^ high, 0x9e3779b1);
}

function hashLong(text: string): number {
  return Math.imul(hashString(text), 0x9e3779b1);
}

/** One place where strings come from: a field of the record type, or the key. Keeps its hit rate. */
export class DictionaryField {
  readonly dictionary: StringDictionary;
  /** Of keys: see key-router. */
  readonly guesses = new StringGuesses();
  #hits = 0;
  #guessHitsAtJudgement = 0;
  #misses = 0;
  /** Strings still to go inline without a look-up. */
  #pause = 0;
  #nextPause: number;

  constructor(dictionary: StringDictionary) {
    this.dictionary = dictionary;
    this.#nextPause = dictionary.minPauseStrings;
  }

  /** Cell of the string; -1: send it inline. No shortcut for a string seen last: comparing costs as much as looking it up. */
  find(text: string): number {
    if (this.#pause > 0) {
      this.#pause--;
      return UNKNOWN;
    }
    const cell = this.dictionary.get(text);
    if (cell < 0) return this.#addMissed(text);
    this.#hits++;
    return cell;
  }

  #addMissed(text: string): number {
    if (++this.#misses >= this.dictionary.missesPerJudgement) this.#judge();
    return this.dictionary.add(text);
  }

  /** Worth it when at least a third of the strings were known. */
  #judge(): void {
    const hits = this.#hits + this.guesses.hits - this.#guessHitsAtJudgement;
    if (hits * 2 < this.#misses) {
      this.#pause = this.#nextPause;
      this.#nextPause = Math.min(this.#nextPause * 2, MAX_PAUSE_STRINGS);
      this.dictionary.wantReset();
    }
    this.#hits = 0;
    this.#guessHitsAtJudgement = this.guesses.hits;
    this.#misses = 0;
  }
}

export function writeDictionaryString(out: DictionarySink, field: DictionaryField, text: string): void {
  writeKnown(out, field.dictionary, field.find(text), text);
}

/** @param cell of the text, or -1 */
export function writeKnown(out: DictionarySink, dictionary: StringDictionary, cell: number, text: string): void {
  if (cell >= 0 && (dictionary.cells[cell + CELL_TOLD]! & out.toldBit) !== 0) {
    if (out.pos + 2 > out.limit) out.reserve(2);
    out.view.setUint16(out.pos, dictionary.idOf(cell), true);
    out.pos += 2;
  } else writeNew(out, dictionary, cell, text);
}

/** An id that the channel knows. */
export function writeStringId(out: DictionarySink, id: number): void {
  if (out.pos + 2 > out.limit) out.reserve(2);
  out.view.setUint16(out.pos, id, true);
  out.pos += 2;
}

function writeNew(out: DictionarySink, dictionary: StringDictionary, cell: number, text: string): void {
  out.reserve(4);
  const id = cell < 0 ? UNKNOWN : dictionary.idOf(cell);
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
    else dictionary.cells[cell + CELL_TOLD]! |= out.toldBit;
  }
}

/** A source with the strings its channel was told, by id. */
export interface DictionarySource extends ByteSource {
  readonly strings: string[];
  /** Id of the last string read; -2 - id: it was defined just now; -1: it came inline. */
  stringId: number;
}

export function readDictionaryString(input: DictionarySource): string {
  const id = input.view.getUint16(input.pos, true);
  if (id >= DEFINE) return readNewString(input);
  input.pos += 2;
  input.stringId = id;
  return input.strings[id]!;
}

/**
 * Expression for generated code: the string whose form or id is `idName` (assigned here), which readDictionaryString would
 * give. Ids at or above FIRST_FORM are no ids; what they stand for is then in input.stringId.
 */
export function readStringSource(idName: string): string {
  return `(${idName} = input.view.getUint16(input.pos, true)) < ${FIRST_FORM} ? (input.pos += 2, input.strings[${idName}]) : rt.readNewString(input)`;
}

/** A string that comes with its text. */
export function readNewString(input: DictionarySource): string {
  const form = input.view.getUint16(input.pos, true);
  input.pos += 2;
  input.stringId = -1;
  if (form === INLINE) return readString(input);
  const id = input.view.getUint16(input.pos, true);
  input.pos += 2;
  input.stringId = -2 - id;
  const text = readString(input);
  while (input.strings.length < id) input.strings.push('');
  input.strings[id] = text;
  return text;
}
