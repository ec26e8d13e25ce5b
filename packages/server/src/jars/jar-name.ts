// Names of uploaded jars: what a client calls its file, and the id under which it is kept.

/** Bytes of a file's name that every file system takes, less the id's "<uuid>_". */
const MAX_NAME_BYTES = 200;

/** Last part of a path of any system, without control characters. @returns undefined when nothing is left */
export function toJarName(fileName: string): string | undefined {
  const name = cleanName(fileName);
  return name === undefined ? undefined : shorten(name);
}

function cleanName(fileName: string): string | undefined {
  // Half of a surrogate pair is no character of a file's name: the file would be found under another.
  const last = Buffer.from(fileName.split(/[/\\]/).at(-1) ?? '').toString();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
  const name = last.replace(/[\u0000-\u001f\u007f]/g, '').trim();
  return name === '' || name === '.' || name === '..' ? undefined : name;
}

export function isJarName(name: string): boolean {
  return name.endsWith('.jar');
}

/** Keeps the end: the extension counts. */
function shorten(name: string): string {
  let kept = '';
  let sizeBytes = 0;
  for (const character of [...name].reverse()) {
    sizeBytes += Buffer.byteLength(character);
    if (sizeBytes > MAX_NAME_BYTES) break;
    kept = character + kept;
  }
  return kept.trim();
}

/** An id is the name of a file in the jar folder, never a path. */
export function isJarId(id: string): boolean {
  return isJarName(id) && !id.startsWith('.') && cleanName(id) === id;
}

/** "<uuid>_<name>". */
export function toJarId(uuid: string, name: string): string {
  return `${uuid}_${name}`;
}

/** The client's name of a file in the jar folder; undefined: it was not uploaded. */
export function nameOfJar(id: string): string | undefined {
  const end = id.indexOf('_');
  return end < 0 ? undefined : id.slice(end + 1);
}
