import {Deferred} from './Deferred.ts';

/** What goes wrong. All but `status` and `redirect-loop` concern only answers that carry a file. */
export type Fault =
  | {kind: 'slow'; bytesPerSecond: number}
  /** Sends the headers and the first bytes, then nothing until it is released. */
  | {kind: 'stall'; afterBytes: number}
  /** Destroys the socket after the first bytes. */
  | {kind: 'cut'; afterBytes: number}
  /** `Content-Length` says more or less than the body has, or is not there at all. */
  | {kind: 'wrong-length'; declared: 'larger' | 'smaller' | 'absent'}
  | {kind: 'status'; status: number}
  /** Redirects to itself. */
  | {kind: 'redirect-loop'}
  /** One byte of the file is flipped: the one in the middle, unless said otherwise. */
  | {kind: 'wrong-bytes'; atByte?: number}
  /** The file is shorter and all headers agree with that: only a digest or a known size tells. */
  | {kind: 'truncate'; toBytes: number};

export type FaultRule = Fault & {
  /**
   * Tried on the full URL of the request and, on the Hub's CDN, on the Hub's URL that redirected there too. A
   * string fits where it is a part of the URL. When several rules fit, the newest is applied.
   */
  match: string | RegExp;
  /**
   * How many answers go wrong.
   * @default Infinity
   */
  times?: number;
};

export type StallRule = Extract<FaultRule, {kind: 'stall'}>;

export interface Stall {
  /** Resolves when the first matching answer has sent its bytes and waits. */
  readonly reached: Promise<void>;
  /** Lets all held answers go on, and ends the rule. */
  release(): void;
}

/** A rule with what it needs while it lives. */
interface LivingRule {
  readonly rule: FaultRule;
  readonly reached: Deferred;
  readonly ended: Deferred;
  timesLeft: number;
}

/** The fault that one answer has met. */
export interface MetFault {
  readonly fault: Fault;
  /** For a stall: says that it is reached, and resolves when it is released. */
  hold(): Promise<void>;
}

const fits = ({match}: FaultRule, url: string): boolean =>
  typeof match === 'string' ? url.includes(match) : url.search(match) >= 0;

const concernsFilesOnly = ({kind}: Fault): boolean => kind !== 'status' && kind !== 'redirect-loop';

export class Faults {
  readonly #living: LivingRule[] = [];

  add(rule: StallRule): Stall;
  add(rule: Exclude<FaultRule, StallRule>): () => void;
  add(rule: FaultRule): Stall | (() => void);
  add(rule: FaultRule): Stall | (() => void) {
    const living: LivingRule = {
      rule,
      reached: new Deferred(),
      ended: new Deferred(),
      timesLeft: rule.times ?? Number.POSITIVE_INFINITY,
    };
    this.#living.unshift(living);
    const undo = () => this.#end(living);
    return rule.kind === 'stall' ? {reached: living.reached.promise, release: undo} : undo;
  }

  clear(): void {
    for (const living of [...this.#living]) {
      this.#end(living);
    }
  }

  /** The fault for an answer, if there is one. It counts as one of the rule's times. */
  meet(urls: readonly string[], carriesFile: boolean): MetFault | undefined {
    const living = this.#living.find(
      ({rule, timesLeft}) =>
        timesLeft > 0 && (carriesFile || !concernsFilesOnly(rule)) && urls.some((url) => fits(rule, url)),
    );
    if (!living) {
      return undefined;
    }
    living.timesLeft -= 1;
    return {
      fault: living.rule,
      hold: () => {
        living.reached.resolve();
        return living.ended.promise;
      },
    };
  }

  #end(living: LivingRule): void {
    const index = this.#living.indexOf(living);
    if (index >= 0) {
      this.#living.splice(index, 1);
    }
    living.ended.resolve();
  }
}
