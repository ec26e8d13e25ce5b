// What a scenario is: steps as data. Texts may hold {names}; a name is set by `save`, by uploads, or is one of the run's own
// (server, savepoints).

/** Where a value stands in an answer: "vertices.0.id"; `*` stands for every element. */
export type Pointer = string;

export interface CallStep {
  /** "GET /jobs/{job}". */
  readonly call: string;
  /** Under which the answer is recorded; without one it is only looked at. */
  readonly label?: string;
  readonly json?: unknown;
  /** A body as it is. */
  readonly text?: string;
  /** Uploads a file, or a program's jar. */
  readonly file?: { readonly name: string; readonly contents: string } | { readonly program: string };
  /** Name → where its value stands. With `*`, "name" gives name-0, name-1, … */
  readonly save?: Readonly<Record<string, Pointer>>;
  /** Name → entries whose `id` gets the name, followed by what the entry says under `by`: lists that come in any order. */
  readonly saveBy?: Readonly<Record<string, { readonly entries: Pointer; readonly by: string }>>;
  /** Depends on when Flink last fetched it: only status, content type and the kind of the body count. */
  readonly isVolatile?: true;
  /** A status that is better than the recorded one, with a readable {"errors": […]} when it is a refusal. */
  readonly better?: number;
}

/** Repeats a GET until its answer is so. */
export interface PollStep {
  readonly poll: string;
  /** Records the answer that is so. */
  readonly label?: string;
  readonly at: Pointer;
  readonly until:
    | { readonly oneOf: readonly unknown[] }
    | { readonly atLeast: number }
    | { readonly every: unknown }
    | { readonly count: number };
  /** Default 30 s. */
  readonly timeoutMs?: number;
}

/** What is kept of the answers settles: Flink caches a job's pages for 3 s. */
export interface PauseStep {
  readonly pauseMs: number;
}

/** Steps for each of the names name-0, name-1, …; inside, {each} is the value and labels get the number. */
export interface ForEachStep {
  readonly forEach: string;
  readonly steps: readonly CallStep[];
}

export type Step = CallStep | PollStep | PauseStep | ForEachStep;

export interface Scenario {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** One recorded answer; identifiers of the run stand in it as <names>. */
export interface Answer {
  readonly label: string;
  readonly request: string;
  readonly status: number;
  readonly contentType: string | null;
  readonly body: unknown;
}

export interface Recording {
  readonly scenario: string;
  readonly answers: readonly Answer[];
}
