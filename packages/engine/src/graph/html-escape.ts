// HTML escaping of plan texts, as Flink does it with commons-text escapeHtml4 (the characters of Latin-1).
const latin1Entities =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro ' +
  'para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil ' +
  'Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave ' +
  'Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml ' +
  'igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';

const entities = new Map<string, string>([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ...latin1Entities.split(' ').map((name, index): [string, string] => [String.fromCharCode(0xa0 + index), `&${name};`]),
]);

/** Also turns line ends into <br/> and escapes backslashes, as JsonPlanGenerator does. */
export function escapePlanText(text: string): string {
  return text
    .replace(/[&<>"\u00a0-\u00ff]/g, (character) => entities.get(character) ?? character)
    .replaceAll('\n', '<br/>')
    .replaceAll('\\', '&#92;');
}
