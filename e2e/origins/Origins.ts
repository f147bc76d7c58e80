import type {Body} from './answers/Answer.ts';
import type {Content} from './content/Content.ts';
import type {Faults} from './Faults.ts';
import type {PerOrigin} from './originNames.ts';
import type {RequestLog} from './RequestLog.ts';
import type {Signing} from './Signing.ts';

export interface OriginsOptions {
  /**
   * - `names`: one TLS server answers for the real host names. Chromium finds it with `chromiumArgs`.
   * - `localhost`: plain HTTP on ports of localhost, for any browser and without flags.
   */
  mode: 'names' | 'localhost';
  /** What the app's origin serves. `origins.app.set()` publishes more files later. */
  app?: {
    /** A folder of static files. `/` is its `index.html`. */
    folder?: string;
    /** Single files by path, e.g. `{'/sw.js': code}`. They override those of the folder. */
    files?: Readonly<Record<string, AppFile>>;
  };
  /**
   * The files of the Hub and the hosts of wheels.
   * @default what `ensureContent()` returns
   */
  content?: Content;
  /**
   * Ports in mode `localhost`. 0 is any free port. If a port is taken, another one is used.
   * @default from 8080 (app) to 8088 (pypiFiles)
   */
  ports?: Partial<PerOrigin<number>>;
  /**
   * Is called with messages for a person, e.g. that a port is taken.
   * @default console.log
   */
  say?: (sentence: string) => void;
}

/** A file of the app. A function is called for every request, and a body is read for every request. */
export type AppFile = string | Uint8Array | Body | (() => string | Uint8Array);

export interface AppFiles {
  /** Publishes a file, or a new version of it. The headers override the default ones. */
  set(path: string, file: AppFile, headers?: Record<string, string>): void;
  /** Removes a published file. */
  delete(path: string): void;
}

export interface Origins {
  /** Each origin in the form that pages use, e.g. `https://huggingface.co` or `http://localhost:8081`. */
  readonly origin: PerOrigin<string>;
  /** The port on 127.0.0.1 of each origin. In mode `names`, all have the same. */
  readonly port: PerOrigin<number>;
  /** Flags that Chromium needs. Empty in mode `localhost`. */
  readonly chromiumArgs: readonly string[];
  /** The files of the Hub and the hosts of wheels, with sizes, digests, and the expected results of the models. */
  readonly content: Content;
  readonly app: AppFiles;
  /** Every request that reached an origin, except control calls: the evidence that nothing was fetched. */
  readonly log: RequestLog;
  /** Makes matching requests fail, until the returned function is called (for a stall: `release()`). */
  readonly fault: Faults['add'];
  /** Ends all faults, and resumes the answers that they hold. */
  clearFaults(): void;
  /**
   * Moves a branch of the Hub, for all later requests. Every branch starts at the older commit of its repository.
   *
   * @param repository as in a URL, e.g. `mailwoman/tiny` or `datasets/mailwoman/places`.
   * @param branch `main` or `refs/pr/1`.
   * @param commit one of the repository's commits, see `content`.
   * @throws Error for an unknown repository, branch or commit.
   */
  moveBranch(repository: string, branch: string, commit: string): void;
  /** How the Hub signs the URLs that it redirects to. It can be changed at any time. */
  readonly signing: Signing;
  /** Aborts all requests and closes all sockets. */
  close(): Promise<void>;
}
