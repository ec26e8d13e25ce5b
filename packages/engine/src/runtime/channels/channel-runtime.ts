// What the generated code of channels calls, besides the codecs' runtime.
import type { ByteSink } from '../../serialization/byte-writer.ts';
import { readGeneric, Tag, writeGeneric } from '../../serialization/generic-codec.ts';
import { type DictionarySource, readDictionaryString, writeDictionaryString, writeEntry } from './string-dictionary.ts';

/** Tag of a string that goes through the dictionary; beyond those of the generic codec. */
const DICTIONARY_TEXT = 200;

export const channelRuntime = {
  writeDictionaryString,
  writeEntry,
  readDictionaryString,
  writeTextTag,
  writeValue: writeGeneric,
  readValue,
} as const;

function writeTextTag(out: ByteSink): void {
  if (out.pos + 1 > out.limit) out.reserve(1);
  out.bytes[out.pos++] = DICTIONARY_TEXT;
}

function readValue(input: DictionarySource): unknown {
  const tag = input.bytes[input.pos]!;
  if (tag !== DICTIONARY_TEXT && tag <= Tag.Msgpack) return readGeneric(input);
  input.pos++;
  return readDictionaryString(input);
}
