import {Deferred} from './Deferred.ts';

/** What goes wrong. All but `status` and `redirect-loop` affect only answers with a file. */
export type Fault =
  | {kind: 'slow'; bytesPerSecond: number}
  /** Sends the headers and the first bytes, and the rest after `release()`. */
  | {kind: 'stall'; afterBytes: number}
  /** Destroys the socket after the first bytes. */
  | {kind: 'cut'; afterBytes: number}
  /** `Content-Length` is larger or smaller than the body, or missing. */
  | {kind: 'wrong-length'; declared: 'larger' | 'smaller' | 'absent'}
  | {kind: 'status'; status: number}
  /** Redirects to itself. */
  | {kind: 'redirect-loop'}
  /** One byte of the file is inverted: by default, the one in the middle. */
  | {kind: 'wrong-bytes'; atByte?: number}
  /** The file is shorter, and all headers agree with that. Only a digest or a known size reveals it. */
  | {kind: 'truncate'; toBytes: number};

export type FaultRule = Fault & {
  /**
   * Compared with the full URL of the request and, on the Hub's CDN, with the Hub's URL that redirected there. A
   * string matches any part of the URL. Of several rules that match, the newest applies.
   */
  match: string | RegExp;
  /**
   * How many answers the fault affects.
   * @default Infinity
   */
  times?: number;
};

export type StallRule = Extract<FaultRule, {kind: 'stall'}>;

export interface Stall {
  /** Resolves when the first matching answer has sent its bytes, and waits. */
  readonly reached: Promise<void>;
  /** Resumes all held answers, and ends the rule. */
  release(): void;
}

/** A rule that has not ended, with its state. */
interface ActiveRule {
  readonly rule: FaultRule;
  readonly reached: Deferred;
  readonly ended: Deferred;
  timesLeft: number;
}

/** The fault of one answer. */
export interface MetFault {
  readonly fault: Fault;
  /** For a stall: reports that it is reached, and resolves when it is released. */
  hold(): Promise<void>;
}

const matches = ({match}: FaultRule, url: string): boolean =>
  typeof match === 'string' ? url.includes(match) : url.search(match) >= 0;

const affectsFilesOnly = ({kind}: Fault): boolean => kind !== 'status' && kind !== 'redirect-loop';

export class Faults {
  readonly #active: ActiveRule[] = [];

  add(rule: StallRule): Stall;
  add(rule: Exclude<FaultRule, StallRule>): () => void;
  add(rule: FaultRule): Stall | (() => void);
  add(rule: FaultRule): Stall | (() => void) {
    const active: ActiveRule = {
      rule,
      reached: new Deferred(),
      ended: new Deferred(),
      timesLeft: rule.times ?? Number.POSITIVE_INFINITY,
    };
    this.#active.unshift(active);
    const undo = () => this.#end(active);
    return rule.kind === 'stall' ? {reached: active.reached.promise, release: undo} : undo;
  }

  clear(): void {
    for (const active of [...this.#active]) {
      this.#end(active);
    }
  }

  /** Returns the fault of an answer, if there is one. This counts as one of the rule's `times`. */
  meet(urls: readonly string[], carriesFile: boolean): MetFault | undefined {
    const active = this.#active.find(
      ({rule, timesLeft}) =>
        timesLeft > 0 && (carriesFile || !affectsFilesOnly(rule)) && urls.some((url) => matches(rule, url)),
    );
    if (!active) {
      return undefined;
    }
    active.timesLeft -= 1;
    return {
      fault: active.rule,
      hold: () => {
        active.reached.resolve();
        return active.ended.promise;
      },
    };
  }

  #end(active: ActiveRule): void {
    const index = this.#active.indexOf(active);
    if (index >= 0) {
      this.#active.splice(index, 1);
    }
    active.ended.resolve();
  }
}
