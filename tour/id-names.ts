// Ids differ from run to run: an id of the page stands for one id of the answers, wherever it is written, and no other stands for it.

/** UUIDs of uploads, ids of jobs, vertices and triggers, and the folders of savepoints, which begin with those of their jobs. */
const IDS =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|savepoint-[0-9a-f]{6}-[0-9a-f]{12}|\b[0-9a-f]{32}\b/g;

/** Folders of checkpoints are numbered; which number is the newest depends on the moment. */
const NUMBERED = /\bchk-\d+/g;

export class IdNames {
  readonly #actualByDocumented = new Map<string, string>();
  readonly #documentedByActual = new Map<string, string>();

  /** Ids that are seen together for the first time belong together from now on. */
  areAlike(documented: string, actual: string): boolean {
    if (withoutIds(documented) !== withoutIds(actual)) return false;
    const [ours, theirs] = [documented.match(IDS) ?? [], actual.match(IDS) ?? []];
    return ours.every((id, at) => this.#belong(id, theirs[at] as string));
  }

  #belong(documented: string, actual: string): boolean {
    const known = this.#actualByDocumented.get(documented);
    if (known !== undefined) return known === actual;
    if (this.#documentedByActual.has(actual)) return false;
    this.#actualByDocumented.set(documented, actual);
    this.#documentedByActual.set(actual, documented);
    return true;
  }
}

function withoutIds(text: string): string {
  return text.replace(IDS, '\u0000').replace(NUMBERED, 'chk-');
}
