// Reads a tour: every sh block is a step, and the json or text block that follows is its answer.

export type AnswerLanguage = 'json' | 'text';

export interface DocumentedAnswer {
  readonly language: AnswerLanguage;
  readonly text: string;
  /** Keys whose numbers are compared as they are, though such keys are volatile elsewhere. */
  readonly exact: readonly string[];
  /** Of its first line, from 1. */
  readonly line: number;
}

export interface Step {
  /** Headings that come before it, since the step before. */
  readonly headings: readonly string[];
  /** Paragraphs before it, since the step before. */
  readonly prose: readonly string[];
  readonly command: string;
  readonly answer: DocumentedAnswer | undefined;
  /** Of the command's first line, from 1. */
  readonly line: number;
}

export interface Tour {
  readonly title: string;
  readonly steps: readonly Step[];
}

interface Fence {
  readonly language: string;
  readonly text: string;
  readonly line: number;
}

type Part = { readonly kind: 'fence'; readonly fence: Fence } | { readonly kind: 'line'; readonly text: string };

/** @throws Error on an answer that follows no command, with the line */
export function parsePage(page: string): Tour {
  const collector = new StepCollector();
  for (const part of partsOf(page)) {
    if (part.kind === 'line') collector.line(part.text);
    else if (part.fence.language === 'sh') collector.command(part.fence);
    else if (part.fence.language === 'json' || part.fence.language === 'text') {
      collector.answer(part.fence.language, part.fence);
    }
  }
  return collector.tour;
}

function* partsOf(page: string): Generator<Part> {
  const lines = page.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const text = lines[at] as string;
    const language = /^```(\w+)$/.exec(text)?.[1];
    if (language === undefined) {
      yield { kind: 'line', text };
      continue;
    }
    const end = lines.indexOf('```', at + 1);
    if (end < 0) throw new Error(`line ${at + 1}: the block has no end`);
    yield { kind: 'fence', fence: { language, text: lines.slice(at + 1, end).join('\n'), line: at + 2 } };
    at = end;
  }
}

class StepCollector {
  #title = '';
  #headings: string[] = [];
  #prose: string[] = [];
  #exact: readonly string[] = [];
  readonly #steps: Step[] = [];

  get tour(): Tour {
    return { title: this.#title, steps: this.#steps };
  }

  line(text: string): void {
    const heading = /^(#+) (.*)$/.exec(text);
    const exact = /^<!-- exact: (.*) -->$/.exec(text)?.[1];
    if (exact !== undefined) this.#exact = exact.split(/,\s*/);
    else if (heading?.[1] === '#') this.#title = heading[2] as string;
    else if (heading !== null) this.#headings.push(heading[2] as string);
    else this.#prose.push(text);
  }

  command({ text, line }: Fence): void {
    this.#steps.push({
      headings: this.#headings,
      prose: paragraphsOf(this.#prose),
      command: text,
      answer: undefined,
      line,
    });
    this.#headings = [];
    this.#prose = [];
    this.#exact = [];
  }

  answer(language: AnswerLanguage, { text, line }: Fence): void {
    const step = this.#steps.at(-1);
    const isNext = step !== undefined && step.answer === undefined && paragraphsOf(this.#prose).length === 0;
    if (!isNext) throw new Error(`line ${line}: an answer that follows no command`);
    this.#steps[this.#steps.length - 1] = { ...step, answer: { language, text, exact: this.#exact, line } };
    this.#prose = [];
    this.#exact = [];
  }
}

function paragraphsOf(lines: readonly string[]): string[] {
  return lines
    .join('\n')
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
}
