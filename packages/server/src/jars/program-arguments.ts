// The arguments of a program as Flink's jar requests give them: one string, or a list.

/** Blanks of Java's \s; its trim() takes more. */
const TOKEN = /([^"'][^ \t\n\v\f\r]*|".+?"|'.+?')[ \t\n\v\f\r]*/g;

/**
 * Splits at blanks outside quotes; quotes are taken away.
 * @see Apache Flink, JarHandlerUtils.tokenizeArguments (source of the pattern). Runs of blanks give no empty arguments here.
 */
export function tokenizeArguments(text: string): string[] {
  const tokens = text.match(TOKEN) ?? [];
  return tokens.filter((token) => token.trim() !== '').map((token) => token.trim().replace(/["']/g, ''));
}
