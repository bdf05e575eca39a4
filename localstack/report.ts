import { styleText } from 'node:util';

/** Tells a person what is going on. */
export interface Report {
  /** Begins a step that takes time; several may run at once. */
  step(title: string): Step;
  /** Says one plain sentence. */
  say(text: string): void;
}

export interface Step {
  /** What the step is at; seen on a terminal alone. */
  progress(detail: string): void;
  done(detail?: string): void;
  failed(detail?: string): void;
}

/** For programs that bring the local AWS up in passing. */
export const silentReport: Report = {
  step: () => ({ progress() {}, done() {}, failed() {} }),
  say() {},
};

interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

interface Running {
  readonly title: string;
  readonly startedAt: number;
  detail: string;
}

const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const FRAME_MS = 100;
const TITLE_WIDTH = 18;

/** A line a step: while it runs, on a terminal, with what it is at; and when it has ended, with the time that it took. */
export function terminalReport(stream: Stream = process.stderr, now = () => performance.now()): Report {
  const running = new Set<Running>();
  const live = stream.isTTY === true;
  let shown = 0;
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;

  /** Replaces the lines of the running steps, with `text` for good above them. */
  function render(text = ''): void {
    const erase = shown > 0 ? `\x1b[${shown}A\x1b[J` : '';
    const lines = [...running].map((step) => {
      const spinner = FRAMES[frame % FRAMES.length] ?? '';
      const line = `${spinner} ${describe(step, now())}`.slice(0, (stream.columns ?? 80) - 1);
      return `${styleText('cyan', line.slice(0, 1), { stream: process.stderr })}${line.slice(1)}\n`;
    });
    shown = lines.length;
    stream.write(erase + text + lines.join(''));
  }

  function print(line: string): void {
    if (live) render(`${line}\n`);
    else stream.write(`${line}\n`);
  }

  function turn(): void {
    if (!live) return;
    if (running.size > 0 && timer === undefined) {
      timer = setInterval(() => {
        frame += 1;
        render();
      }, FRAME_MS);
      timer.unref();
    } else if (running.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  }

  return {
    say: print,
    step(title) {
      const step: Running = { title, startedAt: now(), detail: '' };
      running.add(step);
      turn();
      const end = (mark: string, detail = '') => {
        if (!running.delete(step)) return;
        turn();
        print(`${mark} ${describe({ ...step, detail }, now())}`);
      };
      return {
        progress(detail) {
          step.detail = detail;
        },
        done: (detail) => end(paint('green', '✔', live), detail),
        failed: (detail) => end(paint('red', '✖', live), detail),
      };
    },
  };
}

function paint(colour: 'green' | 'red', text: string, live: boolean): string {
  return live ? styleText(colour, text, { stream: process.stderr }) : text;
}

function describe(step: Running, now: number): string {
  const seconds = `${((now - step.startedAt) / 1000).toFixed(1)} s`;
  return `${step.title.padEnd(TITLE_WIDTH)} ${seconds.padStart(7)}   ${step.detail}`.trimEnd();
}
