// Fenced code of the documents.

/** @returns contents of the blocks marked with `language`, in order */
export function codeBlocks(markdown: string, language: string): string[] {
  return [...markdown.matchAll(/^```(\S+)\n([\s\S]*?)^```$/gm)]
    .filter(([, mark]) => mark === language)
    .map(([, , code = '']) => code);
}
