import type {Body} from './answers/Answer.ts';
import type {Content} from './content/Content.ts';
import type {Faults} from './Faults.ts';
import type {PerOrigin} from './originNames.ts';
import type {RequestLog} from './RequestLog.ts';
import type {Signing} from './Signing.ts';

export interface OriginsOptions {
  /**
   * - `names`: one TLS server answers under the real host names. Chromium finds it by `chromiumArgs`.
   * - `localhost`: plain http on ports of localhost; any browser, no flags.
   */
  mode: 'names' | 'localhost';
  /** What the app's origin serves. More can be published later with `origins.app.set()`. */
  app?: {
    /** A folder of static files; `/` is its `index.html`. */
    folder?: string;
    /** Single files by path, e.g. `{'/sw.js': code}`. They win over the folder's. */
    files?: Readonly<Record<string, AppFile>>;
  };
  /**
   * What the Hub and the hosts of wheels have.
   * @default what `ensureContent()` gives, generated first if need be
   */
  content?: Content;
  /**
   * Ports of mode `localhost`; 0 is any free one. A taken port is passed over for the next that is free.
   * @default from 8080 (app) to 8088 (pypiFiles)
   */
  ports?: Partial<PerOrigin<number>>;
  /**
   * Told about what a person should know, such as a port that was taken.
   * @default console.log
   */
  say?: (sentence: string) => void;
}

/** A file of the app. A function is asked anew for every request, and a body for every part that is read of it. */
export type AppFile = string | Uint8Array | Body | (() => string | Uint8Array);

export interface AppFiles {
  /** Publishes a file, or a new version of it. The headers win over the usual ones. */
  set(path: string, file: AppFile, headers?: Record<string, string>): void;
}

export interface Origins {
  /** Each origin as a page has to write it, e.g. `https://huggingface.co` or `http://localhost:8081`. */
  readonly origin: PerOrigin<string>;
  /** The port on 127.0.0.1 behind each origin; in mode `names` one for all. */
  readonly port: PerOrigin<number>;
  /** What Chromium must be started with, besides its usual flags. Empty in mode `localhost`. */
  readonly chromiumArgs: readonly string[];
  /** What the Hub and the hosts of wheels have: files, sizes, digests, and what the models must give. */
  readonly content: Content;
  readonly app: AppFiles;
  /** Every request that reached an origin, control calls aside: the ground truth for "nothing went out". */
  readonly log: RequestLog;
  /** Lets matching requests go wrong, until the returned function is called (a stall: until its `release()`). */
  readonly fault: Faults['add'];
  /** Ends all faults, and lets go what they hold. */
  clearFaults(): void;
  /**
   * Moves a branch of the Hub, for all requests from now on. Every branch begins at its repository's older commit.
   *
   * @param repository as it stands in a URL, e.g. `mailwoman/tiny` or `datasets/mailwoman/places`.
   * @param branch `main` or `refs/pr/1`.
   * @param commit one of the repository's commits, see `content`.
   * @throws Error for a repository, branch or commit that the Hub has not.
   */
  moveBranch(repository: string, branch: string, commit: string): void;
  /** How the Hub signs the URLs that it redirects to. May be changed at any time. */
  readonly signing: Signing;
  /** Aborts all requests and closes all sockets. */
  close(): Promise<void>;
}
