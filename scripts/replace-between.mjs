/**
 * A page with the part between two marks made anew.
 * @param {string} text
 * @param {string} begin
 * @param {string} end
 * @param {string} made
 * @param {string} page for the error
 * @returns {string}
 */
export function replaceBetween(text, begin, end, made, page) {
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`${page} lacks the line ${from < 0 ? begin : end}`);
  return `${text.slice(0, from)}${begin}\n\n${made}\n\n${text.slice(to)}`;
}
