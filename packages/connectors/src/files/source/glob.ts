// File name patterns: * and ? within a name, ** across folders, {a,b}, [abc].

const SPECIAL = /[\\^$.|+()]/;

/** @returns a test of relative paths with "/" between names */
export function globToRegExp(pattern: string): RegExp {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string;
    if (pattern.startsWith('**/', i)) {
      source += '(?:.*/)?';
      i += 2;
    } else if (pattern.startsWith('**', i)) {
      source += '.*';
      i += 1;
    } else if (char === '*') source += '[^/]*';
    else if (char === '?') source += '[^/]';
    else if (char === '{') source += '(?:';
    else if (char === '}') source += ')';
    else if (char === ',' && isInBraces(pattern, i)) source += '|';
    else source += SPECIAL.test(char) ? `\\${char}` : char;
  }
  return new RegExp(`^${source}$`);
}

function isInBraces(pattern: string, index: number): boolean {
  return pattern.lastIndexOf('{', index) > pattern.lastIndexOf('}', index);
}
