// META-INF/MANIFEST.MF: main attributes and named sections, read and written as Java's tools do.
// @see https://docs.oracle.com/en/java/javase/17/docs/specs/jar/jar.html#jar-manifest

export interface Manifest {
  readonly main: ReadonlyMap<string, string>;
  /** Section name → its attributes, without `Name`. */
  readonly sections: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

export const MANIFEST_PATH = 'META-INF/MANIFEST.MF';

/** Bytes of a line without its end; longer ones go on in a line that begins with a blank. */
const MAX_LINE_BYTES = 72;

/** CRLF lines, the main attributes in the given order, then the sections, each ended by an empty line. */
export function formatManifest({ main, sections }: Manifest): string {
  const blocks = [formatAttributes(main)];
  for (const [name, attributes] of sections) blocks.push(formatAttributes(new Map([['Name', name], ...attributes])));
  return blocks.map((block) => `${block}\r\n`).join('');
}

function formatAttributes(attributes: ReadonlyMap<string, string>): string {
  return [...attributes].map(([name, value]) => `${fold(`${name}: ${oneLine(value)}`)}\r\n`).join('');
}

/** A value has no line breaks of its own. */
function oneLine(value: string): string {
  return value.replace(/[\r\n\0]+/g, ' ');
}

/** Between characters, so that each line is valid UTF-8 for readers that decode line by line. */
function fold(line: string): string {
  const lines: string[] = [];
  let current = '';
  let sizeBytes = 0;
  for (const character of line) {
    const characterBytes = Buffer.byteLength(character);
    if (sizeBytes + characterBytes > MAX_LINE_BYTES) {
      lines.push(current);
      current = ' ';
      sizeBytes = 1;
    }
    current += character;
    sizeBytes += characterBytes;
  }
  return [...lines, current].join('\r\n');
}

/** Takes any line ends; attribute names are looked up in the case they are written in. Lines that are no attribute are left out. */
export function parseManifest(text: string): Manifest {
  const blocks = unfold(text)
    .split(/\n{2,}/)
    .map(parseAttributes);
  const [main = new Map<string, string>(), ...rest] = blocks;
  const sections = new Map<string, ReadonlyMap<string, string>>();
  for (const block of rest) {
    const name = block.get('Name');
    if (name === undefined) continue;
    block.delete('Name');
    sections.set(name, block);
  }
  return { main, sections };
}

function unfold(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\n /g, '')
    .replace(/^\uFEFF?\n*/, '');
}

function parseAttributes(block: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const line of block.split('\n')) {
    const [, name, value] = /^([\w-]+): ?([^\n]*)$/.exec(line) ?? [];
    if (name !== undefined) attributes.set(name, value ?? '');
  }
  return attributes;
}
