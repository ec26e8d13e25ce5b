// A program's arguments in one string, as Flink splits them.

/** A token is quoted, or runs to the next blank. @see Apache Flink 1.9, JarHandlerUtils.tokenizeArguments (source of the pattern) */
const TOKEN = /([^"']\S*|".+?"|'.+?')\s*/g;

/** Flink 2 takes lists only; 1.9 takes them too, so the client sends nothing else. Quotes are taken away, as Flink does. */
export function splitArguments(text: string): readonly string[] {
  const tokens = text.trim().match(TOKEN) ?? [];
  return tokens.map((token) => token.trim().replace(/["']/g, ''));
}
