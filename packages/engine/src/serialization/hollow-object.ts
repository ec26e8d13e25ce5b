/**
 * Objects whose content is in no field of theirs: promises, weak maps, iterators, URLs, boxed numbers. Taken as data they would be `{}`.
 * @returns what it is, e.g. "a Promise"; undefined: it has fields, or is a plain empty object
 */
export function describeHollow(value: object): string | undefined {
  const tag: string = Object.prototype.toString.call(value);
  if (tag === '[object Object]' || Object.keys(value).length > 0) return undefined;
  const kind = tag.slice('[object '.length, -1);
  return `${/^[AEIO]/.test(kind) ? 'an' : 'a'} ${kind}`;
}
