// Names of uploaded jars: what a client calls its file, and the id under which it is kept.

/** Bytes of a file's name that every file system takes, less the id's "<uuid>_". */
const MAX_NAME_BYTES = 200;

/** Last part of a path of any system, without control characters. @returns undefined when nothing is left */
export function toJarName(fileName: string): string | undefined {
  const last = fileName.split(/[/\\]/).at(-1) ?? '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
  const name = last.replace(/[\u0000-\u001f\u007f]/g, '').trim();
  return name === '' || name === '.' || name === '..' ? undefined : shorten(name);
}

export function isJarName(name: string): boolean {
  return name.endsWith('.jar');
}

/** Keeps the end: the extension counts. */
function shorten(name: string): string {
  let rest = name;
  while (Buffer.byteLength(rest) > MAX_NAME_BYTES) rest = rest.slice(1);
  return rest;
}

/** An id is the name of a file in the jar folder, never a path. */
export function isJarId(id: string): boolean {
  return isJarName(id) && !id.startsWith('.') && toJarName(id) === id;
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
